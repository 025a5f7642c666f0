// 联防的取数与报送示例，只用 Node 20 自带的模块。 Pulls from and pushes to a hub with what Node brings along.
//   npm ci && npx tsc && node client.js pull 目录 [数据类别 …]       不给类别时取可列出的全部 / without families: all you may list
//                        node client.js push 数据类别 文件 [批次]    文件为 .ndjson、.csv 或 .xlsx
// 环境变量 LIANFANG_URL、LIANFANG_TOKEN。退出码 0 成功，1 有行被退回，2 失败，可再来。 Exit: 0 well, 1 rows rejected, 2 failed.
import { createHash } from "node:crypto";
import { createReadStream, promises as fs } from "node:fs";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
type Json = Record<string, any>;
type Copy = { cursor: string; fields: string[]; records: Map<string, Json> };
const { LIANFANG_URL: URL = "http://127.0.0.1:8080", LIANFANG_TOKEN: TOKEN = "" } = process.env;
const TYPES: Record<string, string> = { csv: "text/csv", xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" };
class Anew extends Error {} // 游标不能再用 / the cursor is of no use any more
class Refused extends Error {} // 再试也一样；其他错误都值得再试 / the same will fail again; any other error is worth another try

async function send(method: string, path: string, headers: Record<string, string> = {}, body?: string | Readable): Promise<Response> {
  const stream = body instanceof Readable ? { body: Readable.toWeb(body) as BodyInit, duplex: "half" as const } : { body };
  const answer = await fetch(URL + path, { method, headers: { authorization: `Bearer ${TOKEN}`, ...headers }, ...stream });
  if (answer.ok) return answer;
  const text = `${method} ${path}: ${answer.status} ${await answer.text()}`;
  // 续传位置不符（PATCH 的 409）：再问一次位置。 A wrong offset: ask again where to go on.
  if (![408, 429, 502, 503, 504].includes(answer.status) && `${method}${answer.status}` !== "PATCH409") throw new Refused(text);
  await sleep(1000 * Number(answer.headers.get("retry-after") ?? 0));
  throw new Error(text);
}
const ask = async (...args: Parameters<typeof send>) => (await send(...args)).json() as Promise<Json>;
async function graphql(query: string, variables: Json = {}): Promise<Json> {
  const answer = await ask("POST", "/graphql", { "content-type": "application/json" }, JSON.stringify({ query, variables }));
  if (!answer.errors) return answer.data;
  const [{ message, extensions: { code } }] = answer.errors;
  throw code === "UNAVAILABLE" ? new Error(message) : new (["RESYNC", "BAD_USER_INPUT"].includes(code) ? Anew : Refused)(message);
}
// 断线和 503 等一等再试，越等越久。重做无妨：报送有幂等键，取数有游标。 Doing it twice does no harm.
async function patiently<T>(work: () => Promise<T>, tries = 10, pause = 500): Promise<T> {
  return work().catch(async (error) => {
    if (tries === 1 || error instanceof Anew || error instanceof Refused) throw error;
    console.error(String(error));
    await sleep(pause);
    return patiently(work, tries - 1, Math.min(30_000, 2 * pause));
  });
}
// 游标在第一行，与记录同在一个文件；先写临时文件再改名。何时断电或被杀，磁盘上的副本与游标都完整且一致。
// 正式系统请改为数据库的一个事务。 Copy and cursor change together or not at all; in earnest, make it one transaction.
async function save(path: string, { cursor, fields, records }: Copy) {
  const lines = [{ cursor, fields }, ...records.values()].map((line) => JSON.stringify(line) + "\n");
  await fs.writeFile(path + ".tmp", lines.join(""), { flush: true });
  await fs.rename(path + ".tmp", path);
}
const byId = (lines: string[]) => new Map(lines.filter(Boolean).map((line) => JSON.parse(line)).map((record) => [record.id, record]));
async function load(path: string): Promise<Copy> {
  const [head, ...lines] = (await fs.readFile(path, "utf8").catch(() => Promise.reject(new Anew(path)))).split("\n");
  return { ...JSON.parse(head), records: byId(lines) };
}
// 全量导出：清单说已完整、摘要相符才算数；变更从清单的游标接着取。 It counts when it is whole and its digest is right.
async function exported(family: string): Promise<Copy> {
  const answer = await send("GET", `/exchange/${family}?format=ndjson`);
  const content = Buffer.from(await answer.arrayBuffer());
  const { complete, digest, cursor, fields } = await ask("GET", answer.headers.get("link")!.split(/[<>]/)[1]);
  if (!complete || digest !== createHash("sha256").update(content).digest("hex")) throw new Error("导出不完整 the export broke off");
  return { cursor, fields, records: byId(content.toString().split("\n")) };
}
async function follow(family: string, path: string, copy: Copy) {
  const fields = copy.fields.map((name) => (name === "findings" ? "findings { code field message }" : name)).join(" ");
  const query = `query($after: String, $families: [String!]) { changes(after: $after, families: $families, first: 1000) {
    cursor more events { kind id record { ... on ${family} { ${fields} } } } } }`;
  for (let more = true; more; ) {
    const page = (await patiently(() => graphql(query, { after: copy.cursor, families: [family] }))).changes;
    // 同一变更应用两次也无妨。TOMBSTONE：已撤销或移出可见范围。 Twice does no harm. TOMBSTONE: gone, or gone from your sight.
    for (const { kind, id, record } of page.events) kind === "UPSERT" ? copy.records.set(id, record) : copy.records.delete(id);
    ({ cursor: copy.cursor, more } = page);
    await save(path, copy);
  }
  console.log(family, copy.records.size);
}
async function pull(directory: string, ...families: string[]): Promise<number> {
  await fs.mkdir(directory, { recursive: true });
  const { rights } = (await patiently(() => graphql("{ viewer { rights { family lists } } }"))).viewer;
  if (!families.length) families = rights.filter((right: Json) => right.lists).map((right: Json) => right.family);
  for (const family of families) {
    const path = `${directory}/${family}.ndjson`;
    // 第一次，或变更已过保存期、平台从备份恢复过、权限变了：从全量开始。 The first time, or after RESYNC: begin with an export.
    const anew = (error: unknown) => (error instanceof Anew ? patiently(() => exported(family)) : Promise.reject(error));
    await load(path).then((copy) => follow(family, path, copy)).catch(async (error) => follow(family, path, await anew(error)));
  }
  return 0;
}
async function push(family: string, path: string, batch = ""): Promise<number> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece);
  // 键由内容得出：同一文件发几次都是同一任务。同样的内容要重新判定时，换一个批次。 The key follows from the content.
  const [key, sha] = [`${family}-${hash.copy().digest("hex")}${batch}`, `sha-256=:${hash.digest("base64")}:`];
  const upload = async (): Promise<Json> => {
    const job = (await ask("GET", "/exchange/jobs?first=200")).jobs.find((job: Json) => job.idempotencyKey === key);
    if (job && job.state !== "RECEIVING") return ask("GET", `/exchange/jobs/${job.id}?wait=30`);
    if (!job) {
      const type = TYPES[path.split(".").pop()!.toLowerCase()] ?? "application/x-ndjson";
      const headers = { "content-type": type, "idempotency-key": key, "content-digest": sha };
      return ask("POST", `/exchange/${family}?wait=30`, headers, createReadStream(path));
    }
    // 断在半路的，从平台已收到之处续传。 What broke goes on behind what the hub has.
    const offset = (await send("HEAD", `/exchange/jobs/${job.id}`)).headers.get("upload-offset")!;
    const headers = { "upload-offset": offset, "upload-complete": "?1", "repr-digest": sha };
    return ask("PATCH", `/exchange/jobs/${job.id}?wait=30`, headers, createReadStream(path, { start: Number(offset) }));
  };
  let job: Json;
  do job = await patiently(upload); while (["QUEUED", "RUNNING"].includes(job.state));
  console.log("state rows created updated unchanged rejected skipped".replace(/\w+/g, (name) => `${name}=${job[name]}`));
  if (job.state !== "DONE") throw new Refused(JSON.stringify(job.error));
  if (!job.rejected) return 0;
  const verdicts = await patiently(async () => (await send("GET", `/exchange/jobs/${job.id}/verdicts?only=rejected`)).text());
  await fs.writeFile(path + ".rejected.ndjson", verdicts);
  return 1;
}
const [command, first, ...rest] = process.argv.slice(2);
const usage = "node client.js pull 目录 [数据类别 …] | push 数据类别 文件 [批次]";
const pushes = command === "push" && rest.length > 0, pulls = command === "pull" && first;
const work = pushes ? push(first, rest[0], rest[1]) : pulls ? pull(first, ...rest) : Promise.reject(usage);
process.exitCode = await work.catch((error) => (console.error(String(error)), 2));
