// 只用文本造元素：内容里的任何字符都不会成为标记。 Elements made of texts: nothing in the content ever becomes markup.
export type Part = Node | string | null | undefined;

export function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Record<string, string> = {},
  ...parts: Part[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...parts.filter((part) => part !== null && part !== undefined));
  return made;
}

export interface Column<Row> {
  title: string;
  value: (row: Row) => Part;
  /** 数字靠右。 Numbers stand to the right. */
  number?: boolean;
}

/** 一节：标题、表格、说明；没有内容时说明没有。 A section with its table and a note, or with a sentence where there is nothing. */
export function section<Row>(id: string, title: string, empty: string, rows: readonly Row[], columns: Column<Row>[], note: string | null = null): HTMLElement {
  const heading = element("h2", { id: `${id}-title` }, title);
  const about = { id, "aria-labelledby": heading.id };
  if (rows.length === 0) return element("section", about, heading, element("p", { class: "empty" }, note ?? empty));
  const head = element("tr", {}, ...columns.map(({ title, number }) => element("th", { scope: "col", ...kind(number) }, title)));
  const body = rows.map((row) =>
    element("tr", {}, ...columns.map(({ value, number }, index) => element(index ? "td" : "th", cell(index, number), value(row)))),
  );
  const table = element("table", { "aria-labelledby": heading.id }, element("thead", {}, head), element("tbody", {}, ...body));
  return element("section", about, heading, element("div", { class: "wide", tabindex: "0", role: "group", "aria-labelledby": heading.id }, table), note === null ? null : element("p", { class: "note" }, note));
}

const kind = (number?: boolean): Record<string, string> => (number ? { class: "number" } : {});
const cell = (index: number, number?: boolean): Record<string, string> => (index ? kind(number) : { scope: "row" });
