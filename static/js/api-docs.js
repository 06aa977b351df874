// Starts Swagger UI from a file, so that the page needs no inline script.
// "Try it out" goes by the session of whoever reads the page, unless they enter a token.

const root = document.getElementById("swagger-ui");
const { schemaUrl, csrfHeader, csrfToken } = root.dataset;

// Its script comes before this module, and modules wait for it.
window.SwaggerUIBundle({
  url: schemaUrl,
  domNode: root,
  // A deep link is an anchor inside a button, which no screen reader can make sense of; the highlighter's colours are
  // too faint on its own background.
  deepLinking: false,
  syntaxHighlight: { activated: false },
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  presets: [window.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  // A remote validator would be told where this instance lives.
  validatorUrl: null,
  requestInterceptor: (request) => {
    const method = (request.method || "GET").toUpperCase();
    if (new URL(request.url, location.href).origin === location.origin && !["GET", "HEAD"].includes(method)) {
      request.headers[csrfHeader] = csrfToken;
    }
    return request;
  },
});

// Swagger UI names its fields by the table they stand in, which only eyes can follow. This says the name to everybody.
function nameFields() {
  for (const field of root.querySelectorAll("select:not([aria-label]), textarea:not([aria-label])")) {
    const row = field.closest("tr[data-param-name]");
    field.setAttribute("aria-label", row ? row.dataset.paramName : "Request body");
  }
}
new MutationObserver(nameFields).observe(root, { childList: true, subtree: true });
