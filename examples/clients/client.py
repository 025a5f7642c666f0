"""联防的取数与报送示例，只用 Python 3.11 标准库。 Pulls from and pushes to a hub with the standard library alone.
    python3 client.py pull 目录 [数据类别 …]       不给类别时取可列出的全部 / without families: all you may list
    python3 client.py push 数据类别 文件 [批次]    文件为 .ndjson、.csv 或 .xlsx
环境变量 LIANFANG_URL、LIANFANG_TOKEN。退出码 0 成功，1 有行被退回，2 失败，可再来。 Exit: 0 well, 1 rows rejected, 2 failed."""
import base64, hashlib, http.client, json, os, sys, time, urllib.error, urllib.request

URL, TOKEN = os.environ.get("LIANFANG_URL", "http://127.0.0.1:8080"), os.environ.get("LIANFANG_TOKEN", "")
TYPES = {".csv": "text/csv", ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
class Busy(OSError): pass  # 稍后再试 / the same again later
class Anew(Exception): pass  # 游标不能再用 / the cursor is of no use any more
class Refused(Exception): pass  # 再试也一样 / the same will fail again

def send(method, path, body=None, headers={}):
    request = urllib.request.Request(URL + path, body, {"Authorization": "Bearer " + TOKEN, **headers}, method=method)
    try:
        return urllib.request.urlopen(request, timeout=90)
    except urllib.error.HTTPError as error:
        text = f"{method} {path}: {error.code} {error.read().decode(errors='replace')}"
        # 续传位置不符（PATCH 的 409）：再问一次位置。 A wrong offset: ask again where to go on.
        if error.code not in (408, 429, 502, 503, 504) and (method, error.code) != ("PATCH", 409): raise Refused(text)
        time.sleep(float(error.headers.get("Retry-After", 0)))
        raise Busy(text)

def ask(method, path, body=None, headers={}):
    with send(method, path, body, headers) as answer: return json.load(answer)
def graphql(query, **variables):
    body = json.dumps({"query": query, "variables": variables}).encode()
    answer = ask("POST", "/graphql", body, {"Content-Type": "application/json"})
    if "errors" not in answer: return answer["data"]
    kinds = {"UNAVAILABLE": Busy, "RESYNC": Anew, "BAD_USER_INPUT": Anew}
    raise kinds.get(answer["errors"][0]["extensions"]["code"], Refused)(answer["errors"][0]["message"])

def patiently(work, tries=10):
    """断线和 503 等一等再试，越等越久。重做无妨：报送有幂等键，取数有游标。 Doing it twice does no harm."""
    for attempt in range(tries):
        try:
            return work()
        except (OSError, http.client.HTTPException) as error:
            if attempt == tries - 1: raise
            print(error, file=sys.stderr)
            time.sleep(min(30, 0.5 * 2**attempt))

def save(path, copy):
    """游标在第一行，与记录同在一个文件；先写临时文件再改名。何时断电或被杀，磁盘上的副本与游标都完整且一致。
    正式系统请改为数据库的一个事务。 Copy and cursor change together or not at all; in earnest, make it one transaction."""
    with open(path + ".tmp", "wb") as file:
        for line in [{name: copy[name] for name in ("cursor", "fields")}, *copy["records"].values()]:
            file.write(json.dumps(line, ensure_ascii=False).encode() + b"\n")
        file.flush(), os.fsync(file.fileno())
    os.replace(path + ".tmp", path)

def load(path):
    with open(path, "rb") as file:
        return {**json.loads(file.readline()), "records": {record["id"]: record for record in map(json.loads, file)}}

def export(family):
    """全量导出：清单说已完整、摘要相符才算数；变更从清单的游标接着取。 It counts when it is whole and its digest is right."""
    with send("GET", f"/exchange/{family}?format=ndjson") as answer: lines = list(answer)
    manifest = ask("GET", answer.headers["Link"].partition(">")[0].strip("<"))
    if not manifest["complete"] or manifest["digest"] != hashlib.sha256(b"".join(lines)).hexdigest():
        raise Busy("导出不完整 the export broke off")
    return {**manifest, "records": {record["id"]: record for record in map(json.loads, lines)}}

def follow(family, path, copy):
    fields = " ".join("findings { code field message }" if name == "findings" else name for name in copy["fields"])
    query = f"""query($after: String, $families: [String!]) {{ changes(after: $after, families: $families, first: 1000) {{
        cursor more events {{ kind id record {{ ... on {family} {{ {fields} }} }} }} }} }}"""
    more = True
    while more:
        page = patiently(lambda: graphql(query, after=copy["cursor"], families=[family]))["changes"]
        for event in page["events"]:  # 同一变更应用两次也无妨。 Applying an event twice does no harm
            if event["kind"] == "UPSERT": copy["records"][event["id"]] = event["record"]
            else: copy["records"].pop(event["id"], None)  # TOMBSTONE：已撤销或移出可见范围 / gone, or gone from your sight
        copy["cursor"], more = page["cursor"], page["more"]
        save(path, copy)
    print(family, len(copy["records"]))

def pull(directory, *families):
    os.makedirs(directory, exist_ok=True)
    rights = patiently(lambda: graphql("{ viewer { rights { family lists } } }"))["viewer"]["rights"]
    for family in families or [right["family"] for right in rights if right["lists"]]:
        path = os.path.join(directory, family + ".ndjson")
        try:
            follow(family, path, load(path))
        except (FileNotFoundError, Anew):  # 第一次；或变更已过保存期、平台从备份恢复过、权限变了 / the first time, or RESYNC
            follow(family, path, patiently(lambda: export(family)))
    return 0

def push(family, path, batch=""):
    with open(path, "rb") as file: digest, size = hashlib.file_digest(file, "sha256"), os.path.getsize(path)
    # 键由内容得出：同一文件发几次都是同一任务。同样的内容要重新判定时，换一个批次。 The key follows from the content.
    key, sha = f"{family}-{digest.hexdigest()}{batch}", f"sha-256=:{base64.b64encode(digest.digest()).decode()}:"
    def upload():
        job = next((job for job in ask("GET", "/exchange/jobs?first=200")["jobs"] if job["idempotencyKey"] == key), None)
        if job and job["state"] != "RECEIVING": return ask("GET", f"/exchange/jobs/{job['id']}?wait=30")
        with open(path, "rb") as file:
            if not job:
                kind = TYPES.get(os.path.splitext(path)[1].lower(), "application/x-ndjson")
                headers = {"Content-Type": kind, "Content-Length": size, "Idempotency-Key": key, "Content-Digest": sha}
                return ask("POST", f"/exchange/{family}?wait=30", file, headers)
            # 断在半路的，从平台已收到之处续传。 What broke goes on behind what the hub has.
            offset = file.seek(int(send("HEAD", f"/exchange/jobs/{job['id']}").headers["Upload-Offset"]))
            headers = {"Content-Length": size - offset, "Upload-Offset": offset, "Upload-Complete": "?1", "Repr-Digest": sha}
            return ask("PATCH", f"/exchange/jobs/{job['id']}?wait=30", file, headers)
    while (job := patiently(upload))["state"] in ("QUEUED", "RUNNING"): pass
    print(*(f"{name}={job[name]}" for name in "state rows created updated unchanged rejected skipped".split()))
    if job["state"] != "DONE": raise Refused(json.dumps(job["error"], ensure_ascii=False))
    if not job["rejected"]: return 0
    verdicts = patiently(lambda: send("GET", f"/exchange/jobs/{job['id']}/verdicts?only=rejected&format=ndjson").read())
    with open(path + ".rejected.ndjson", "wb") as file: file.write(verdicts)
    return 1

if __name__ == "__main__":
    try:
        if len(sys.argv) < 3 or sys.argv[1] not in ("pull", "push"): raise Refused(__doc__)
        sys.exit((pull if sys.argv[1] == "pull" else push)(*sys.argv[2:]))
    except (Anew, Refused, OSError, http.client.HTTPException) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
