/* Light Markdown as elements: lists, headings, quotes, bold, italic, code; and the tags, so that they stand out. What isn't understood
   stays as it was typed. Nothing is ever taken as HTML. */
const INLINE = /\*\*(.+?)\*\*|(?<![\w*])\*(\S(?:.*?\S)?)\*(?![\w*])|`([^`]+)`|(?<![^\s([])\/([a-z]{2,12})\b(?![/\w])/gi;
const LINES = [
  [/^\s*[-*•]\s+/, "ul"],
  [/^\s*\d{1,3}[.)]\s+/, "ol"],
];
let known = new Set();

export function knowTags(keys) {
  known = new Set(keys);
}

function element(name, text, css) {
  const one = document.createElement(name);
  if (css) one.className = css;
  one.append(text);
  return one;
}

function inline(text) {
  const found = document.createDocumentFragment();
  let last = 0;
  for (const match of text.matchAll(INLINE)) {
    const [whole, bold, italic, code, tag] = match;
    if (tag && !known.has(tag.toLowerCase())) continue;
    found.append(text.slice(last, match.index));
    if (bold) found.append(element("b", inline(bold)));
    else if (italic) found.append(element("em", inline(italic)));
    else if (code) found.append(element("code", code));
    else found.append(element("span", whole, "tag"));
    last = match.index + whole.length;
  }
  found.append(text.slice(last));
  return found;
}

/* The text of a note as a fragment. */
export function marked(text) {
  const found = document.createDocumentFragment();
  let list = null;
  for (const line of text.split("\n")) {
    const kind = LINES.find(([begins]) => begins.test(line));
    if (kind) {
      if (list?.localName !== kind[1]) found.append((list = document.createElement(kind[1])));
      list.append(element("li", inline(line.replace(kind[0], ""))));
      continue;
    }
    list = null;
    const head = /^#{1,4}\s+(.*)/.exec(line);
    const quote = /^>\s?(.*)/.exec(line);
    if (head) found.append(element("p", element("b", inline(head[1]))));
    else if (quote) found.append(element("blockquote", inline(quote[1])));
    else if (line.trim()) found.append(element("p", inline(line)));
  }
  return found;
}
