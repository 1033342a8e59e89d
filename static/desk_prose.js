// The editor of prose: ProseMirror over a textarea, with buttons in words. Without this script the textarea stays.
const WORDS = { paragraph: "正文", h2: "小标题", h3: "次级标题", strong: "加粗", ul: "列表", ol: "编号", quote: "引用", link: "链接", table: "表格", undo: "撤销", redo: "重做",
  rowAfter: "加一行", rowGone: "删这行", columnAfter: "加一列", columnGone: "删这列", head: "表头", tableGone: "删表格", picture: "插入图片" };

const {
  Blockquote, Bold, BulletList, Document, Editor, Gapcursor, HardBreak, Heading, History, Link, ListItem, OrderedList,
  Paragraph, Subscript, Superscript, Table, TableCell, TableHeader, TableRow, Text,
} = await import("./django_prose_editor/editor.js");

const EXTENSIONS = [
  Document, Paragraph, Text, HardBreak, Gapcursor, History, Heading.configure({ levels: [2, 3] }), Bold, BulletList, OrderedList,
  ListItem, Blockquote, Link.configure({ enableTarget: false, openOnClick: false }), Subscript, Superscript, Table, TableRow, TableHeader, TableCell,
];

function element(name, properties = {}, children = []) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

// Each button: what it is called, what it does, when it is pressed.
function actions(editor) {
  const run = (change) => () => change(editor.chain().focus()).run();
  return [
    ["paragraph", run((chain) => chain.setParagraph()), () => editor.isActive("paragraph")],
    ["h2", run((chain) => chain.toggleHeading({ level: 2 })), () => editor.isActive("heading", { level: 2 })],
    ["h3", run((chain) => chain.toggleHeading({ level: 3 })), () => editor.isActive("heading", { level: 3 })],
    ["strong", run((chain) => chain.toggleBold()), () => editor.isActive("bold")],
    ["ul", run((chain) => chain.toggleBulletList()), () => editor.isActive("bulletList")],
    ["ol", run((chain) => chain.toggleOrderedList()), () => editor.isActive("orderedList")],
    ["quote", run((chain) => chain.toggleBlockquote()), () => editor.isActive("blockquote")],
    ["table", run((chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true })), () => editor.isActive("table")],
    ["undo", run((chain) => chain.undo()), null],
    ["redo", run((chain) => chain.redo()), null],
  ];
}

// What is offered while the cursor stands in a table.
function tableActions(editor) {
  const run = (change) => () => change(editor.chain().focus()).run();
  return [
    ["rowAfter", run((chain) => chain.addRowAfter())],
    ["rowGone", run((chain) => chain.deleteRow())],
    ["columnAfter", run((chain) => chain.addColumnAfter())],
    ["columnGone", run((chain) => chain.deleteColumn())],
    ["head", run((chain) => chain.toggleHeaderRow())],
    ["tableGone", run((chain) => chain.deleteTable())],
  ];
}

// A picture stands where 「[图1]」 stands in a paragraph of its own: the button writes the next one that is not placed yet.
function placePicture(editor) {
  const placed = [...editor.getText().matchAll(/[\[［【]图\s*(\d{1,2})[\]］】]/g)].map((found) => Number(found[1]));
  let number = 1;
  while (placed.includes(number)) number += 1;
  editor.chain().focus().insertContent({ type: "paragraph", content: [{ type: "text", text: `[图${number}]` }] }).run();
  document.getElementById("pictures")?.querySelectorAll("input[type=file]")[number - 1]?.focus();
}

// Word and WPS paste headings and lists as paragraphs that only look like them: by the name of their style, by `mso-list`.
const HEADING = /MsoTitle|MsoHeading(\d)|heading\s*(\d)|标题\s*(\d)?/i;

function fromWord(pasted) {
  const html = pasted.replace(/(<[^>]*?\s)style=/gi, "$1data-look="); // a style would be refused by the policy, and is not kept
  if (!/mso-|class="?Mso|urn:schemas-microsoft-com/i.test(html)) return html;
  const body = new DOMParser().parseFromString(html, "text/html").body;
  for (const one of body.querySelectorAll("p")) {
    const style = one.dataset.look ?? "";
    const heading = HEADING.exec(`${one.className} ${/mso-style-name:\s*"?([^;"]+)/i.exec(style)?.[1] ?? ""}`);
    if (heading) replaceTag(one, Number(heading[1] ?? heading[2] ?? heading[3] ?? 1) > 1 ? "h3" : "h2");
    else if (/mso-list:\s*(?!none)/i.test(style) || /MsoListParagraph/.test(one.className)) intoList(one);
  }
  return body.innerHTML;
}

function replaceTag(one, name) {
  const made = document.createElement(name);
  made.append(...one.childNodes);
  one.replaceWith(made);
}

// The mark that Word drew, 「1.」 or 「·」, says which list it is and goes; neighbours make one list.
function intoList(one) {
  const mark = one.querySelector("[data-look*='mso-list:Ignore'], [data-look*='mso-list: Ignore']");
  const drawn = (mark?.textContent ?? /^\s*(\(?[\da-z一二三四五六七八九十]+[.、)）])\s*/i.exec(one.textContent)?.[1] ?? "").trim();
  mark?.remove();
  const name = /^[(（]?[\da-zA-Z一二三四五六七八九十]+[.、)）]/.test(drawn) ? "ol" : "ul";
  const item = document.createElement("li");
  item.append(...one.childNodes);
  if (!mark && drawn && item.firstChild?.nodeType === Node.TEXT_NODE) item.firstChild.data = item.firstChild.data.trimStart().slice(drawn.length).trimStart();
  const before = one.previousElementSibling;
  if (before?.localName === name && before.dataset.word) {
    before.append(item);
    one.remove();
    return;
  }
  const list = document.createElement(name);
  list.dataset.word = "1";
  list.append(item);
  one.replaceWith(list);
}

// The address is typed into a line of the toolbar; an empty one takes the link away.
function linkLine(editor) {
  const input = element("input", { type: "text", className: "input", placeholder: "/products/ 或 https://…" });
  input.setAttribute("aria-label", "链接地址");
  const set = element("button", { type: "button", className: "btn quiet", textContent: "设为链接" });
  const line = element("span", { className: "prose-link", hidden: true }, [input, set]);
  const button = element("button", { type: "button", textContent: WORDS.link });
  const apply = () => {
    const href = input.value.trim();
    const chain = editor.chain().focus().extendMarkRange("link");
    (href ? chain.setLink({ href }) : chain.unsetLink()).run();
    line.hidden = true;
  };
  button.addEventListener("click", () => {
    line.hidden = !line.hidden;
    input.value = editor.getAttributes("link").href ?? "";
    if (!line.hidden) input.focus();
  });
  set.addEventListener("click", apply);
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); apply(); }
    if (event.key === "Escape") { line.hidden = true; editor.commands.focus(); }
  });
  return [button, line];
}

function toolbar(editor, hasPictures) {
  const bar = element("div", { className: "prose-bar" });
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", "格式");
  const pressed = [];
  for (const [name, act, isActive] of actions(editor)) {
    const button = element("button", { type: "button", textContent: WORDS[name] });
    button.addEventListener("click", act);
    if (isActive) pressed.push([button, isActive]);
    bar.append(button);
  }
  bar.append(...linkLine(editor));
  if (hasPictures) {
    const picture = element("button", { type: "button", textContent: WORDS.picture });
    picture.addEventListener("click", () => placePicture(editor));
    bar.append(picture);
  }
  const table = element("span", { className: "prose-table", hidden: true });
  table.setAttribute("role", "group");
  table.setAttribute("aria-label", "表格的行和列");
  for (const [name, act] of tableActions(editor)) {
    const button = element("button", { type: "button", textContent: WORDS[name] });
    button.addEventListener("click", act);
    table.append(button);
  }
  bar.append(table);
  const refresh = () => {
    for (const [button, isActive] of pressed) button.setAttribute("aria-pressed", String(isActive()));
    table.hidden = !editor.isActive("table");
  };
  editor.on("transaction", refresh);
  refresh();
  return bar;
}

// What was typed without the script has no markup: its empty lines part paragraphs, as on the server.
function markup(value) {
  if (/<(p|h2|h3|ul|ol|table|blockquote)\b/i.test(value)) return value;
  const holder = document.createElement("div");
  for (const part of value.split(/\n\s*\n/)) if (part.trim()) holder.append(element("p", { textContent: part }));
  return holder.innerHTML;
}

for (const textarea of document.querySelectorAll("textarea[data-prose]")) {
  const box = element("div", { className: "prose-box" });
  textarea.before(box);
  textarea.hidden = true;
  const editor = new Editor({
    element: box,
    extensions: EXTENSIONS,
    content: markup(textarea.value),
    injectCSS: false, // a style element would break the policy; the rules are in desk.css
    editorProps: { transformPastedHTML: fromWord, attributes: { class: "article", role: "textbox", "aria-multiline": "true", "aria-label": textarea.labels[0]?.textContent ?? "正文" } },
    onUpdate: () => { textarea.value = editor.isEmpty ? "" : editor.getHTML(); },
  });
  box.prepend(toolbar(editor, Boolean(document.getElementById("pictures"))));
  for (const label of textarea.labels) label.addEventListener("click", () => editor.commands.focus());
}
