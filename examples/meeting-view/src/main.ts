// 表单、提问、显示。令牌只在本页内存里。 Form, question, answer. The token stays in the memory of this page.
import { Refused, ask } from "./ask";
import { element } from "./dom";
import { render } from "./render";

const form = document.querySelector<HTMLFormElement>("#ask")!;
const place = document.querySelector<HTMLElement>("#materials")!;
const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  place.replaceChildren(element("p", { role: "status" }, "正在取数……"));
  try {
    const meeting = await ask(field("token").value.trim(), { region: field("region").value.trim(), year: field("year").valueAsNumber });
    place.replaceChildren(...render(meeting));
  } catch (error) {
    const said = error instanceof Refused ? error.message : "无法连接平台，请稍后重试。";
    place.replaceChildren(element("p", { role: "alert" }, said));
  }
  place.focus();
});
