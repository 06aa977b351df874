// Starts Swagger UI from a file, so that the page needs no inline script.
// "Try it out" goes by the session of whoever reads the page, unless they enter a token.

const root = document.getElementById("swagger-ui");
const { schemaUrl, csrfHeader, csrfToken } = root.dataset;

// Its script comes before this module, and modules wait for it.
window.SwaggerUIBundle({
  url: schemaUrl,
  domNode: root,
  deepLinking: true,
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
