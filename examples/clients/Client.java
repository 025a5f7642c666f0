// 联防的取数与报送示例，只用 Java 17 标准库，不必编译。 Pulls from and pushes to a hub with the standard library alone.
//   java Client.java pull 目录 [数据类别 …]（不给类别时取可列出的全部）或 push 数据类别 文件（.ndjson、.csv、.xlsx）[批次]
// 环境变量 LIANFANG_URL、LIANFANG_TOKEN。退出码 0 成功，1 有行被退回，2 失败，可再来。 Exit: 0 well, 1 rows rejected, 2 failed.
import java.io.IOException;
import java.net.http.*;
import java.net.http.HttpRequest.*;
import java.nio.file.*;
import java.util.*;
import java.util.concurrent.Callable;
public class Client {
    static final String URL = System.getenv().getOrDefault("LIANFANG_URL", "http://127.0.0.1:8080"), TOKEN = System.getenv("LIANFANG_TOKEN");
    static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    static class Anew extends Exception { Anew(String why) { super(why); } } // 游标不能再用 / the cursor is of no use any more
    static HttpResponse<String> send(String method, String path, BodyPublisher body, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(java.net.URI.create(URL + path)).method(method, body).headers(headers);
        var answer = HTTP.send(request.header("Authorization", "Bearer " + TOKEN).build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() / 100 == 2) return answer;
        String text = method + " " + path + ": " + answer.statusCode() + " " + answer.body();
        if (!text.matches("(?s).*: (408|429|502|503|504) .*|PATCH .*: 409 .*")) throw new IllegalStateException(text); // 再试也一样 / final
        Thread.sleep(1000 * Long.parseLong(answer.headers().firstValue("Retry-After").orElse("0")));
        throw new IOException(text);
    }
    static HttpResponse<String> get(String path) throws Exception { return send("GET", path, BodyPublishers.noBody(), "Accept", "*/*"); }
    static String graphql(String query, String variables) throws Exception {
        String body = "{\"query\":\"" + query + "\",\"variables\":" + variables + "}";
        String answer = send("POST", "/graphql", BodyPublishers.ofString(body), "Content-Type", "application/json").body(), errors = at(answer, "errors");
        if (errors.isEmpty()) return at(answer, "data");
        if (errors.contains("\"RESYNC\"") || errors.contains("\"BAD_USER_INPUT\"")) throw new Anew(errors);
        throw errors.contains("\"UNAVAILABLE\"") ? new IOException(errors) : new IllegalStateException(errors);
    }
    static <T> T patiently(Callable<T> work) throws Exception { // 断线和 503 等一等再试；有幂等键和游标，重做无妨 / twice does no harm
        for (int attempt = 0; ; attempt++) try { return work.call(); } catch (IOException error) {
            if (attempt == 9) throw error;
            System.err.println(error);
            Thread.sleep(Math.min(30_000, 500L << attempt));
        }
    }
    static List<String> parts(String json) { // 标准库不读 JSON，在最外层切开就够用 / cut at the outermost level
        var parts = new ArrayList<String>();
        for (int at = 1, begin = 1, depth = 1; at < json.length(); at++) {
            char c = json.charAt(at);
            if (c == '"') while (json.charAt(++at) != '"') if (json.charAt(at) == '\\') at++;
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            if (depth == 0 ? at > begin : depth == 1 && c == ',') { parts.add(json.substring(begin, at).strip()); begin = at + 1; }
        }
        return parts;
    }
    static String at(String json, String name) {
        String part = parts(json).stream().filter(own -> own.startsWith("\"" + name + "\"")).findFirst().orElse(":");
        return part.substring(part.indexOf(':') + 1).strip().replaceAll("^\"|\"$", "");
    }
    static Map<String, String> byId(List<String> lines) { // 首行没有 id，记在空标识下 / the first line, without `id`, under none
        return lines.stream().collect(java.util.stream.Collectors.toMap(line -> at(line, "id"), line -> line, (old, own) -> own, LinkedHashMap::new));
    }
    static Map<String, String> export(String family) throws Exception { // 摘要相符才算数，从清单的游标接着取 / it counts when its digest is right
        var answer = get("/exchange/" + family + "?format=ndjson");
        String manifest = get(answer.headers().firstValue("Link").orElseThrow().split("[<>]")[1]).body();
        byte[] digest = java.security.MessageDigest.getInstance("SHA-256").digest(answer.body().getBytes("UTF-8"));
        if (!at(manifest, "digest").equals(HexFormat.of().formatHex(digest))) throw new IOException("导出不完整 the export broke off");
        return byId(("{\"cursor\":\"" + at(manifest, "cursor") + "\",\"fields\":" + at(manifest, "fields") + "}\n" + answer.body()).lines().toList());
    }
    static void follow(String family, Path path, Map<String, String> copy) throws Exception { // 副本与首行的游标一起改名换上；正式系统请用一个事务 / both change together
        String fields = String.join(" ", parts(at(copy.get(""), "fields"))).replace("\"", "").replace("findings", "findings { code field message }");
        String query = "query($after: String, $families: [String!]) { changes(after: $after, families: $families, first: 1000) { "
            + "cursor more events { kind id record { ... on " + family + " { " + fields + " } } } } }";
        for (String page = "{\"more\":true}"; at(page, "more").equals("true"); ) {
            String head = copy.get(""), from = "{\"after\":\"" + at(head, "cursor") + "\",\"families\":[\"" + family + "\"]}";
            page = at(patiently(() -> graphql(query, from)), "changes");
            for (String event : parts(at(page, "events"))) // TOMBSTONE 即删除；应用两次也无妨 / gone, or gone from your sight; twice does no harm
                copy.compute(at(event, "id"), (id, old) -> at(event, "kind").equals("UPSERT") ? at(event, "record") : null);
            copy.put("", head.replace(at(head, "cursor"), at(page, "cursor")));
            Path temporary = Files.write(Path.of(path + ".tmp"), copy.values());
            try (var file = java.nio.channels.FileChannel.open(temporary, StandardOpenOption.WRITE)) { file.force(true); }
            Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
        }
        System.out.println(family + " " + (copy.size() - 1));
    }
    static int pull(String[] words) throws Exception {
        Path directory = Files.createDirectories(Path.of(words[1]));
        String rights = at(at(patiently(() -> graphql("{ viewer { rights { family lists } } }", "{}")), "viewer"), "rights");
        var all = parts(rights).stream().filter(own -> at(own, "lists").equals("true")).map(own -> at(own, "family")).toList();
        for (String family : words.length > 2 ? List.of(words).subList(2, words.length) : all) {
            Path path = directory.resolve(family + ".ndjson");
            // 第一次，或变更已过保存期、平台从备份恢复过、权限变了：从全量开始。 The first time, or after RESYNC: begin with an export.
            try { follow(family, path, byId(Files.readAllLines(path))); }
            catch (NoSuchFileException | Anew anew) { follow(family, path, patiently(() -> export(family))); }
        }
        return 0;
    }
    static int push(String[] words) throws Exception { // 键由内容得出，要重新判定就换批次 / the key follows from the content
        String family = words[1], path = words[2], batch = words.length > 3 ? words[3] : "";
        byte[] content = Files.readAllBytes(Path.of(path)), digest = java.security.MessageDigest.getInstance("SHA-256").digest(content);
        String key = family + "-" + HexFormat.of().formatHex(digest) + batch, sha = "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":";
        String book = path.endsWith(".xlsx") ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "application/x-ndjson";
        Callable<String> upload = () -> {
            var jobs = parts(at(get("/exchange/jobs?first=200").body(), "jobs")).stream();
            String job = jobs.filter(one -> at(one, "idempotencyKey").equals(key)).findFirst().orElse(""), place = "/exchange/jobs/" + at(job, "id");
            String[] headers = {"Content-Type", path.endsWith(".csv") ? "text/csv" : book, "Idempotency-Key", key, "Content-Digest", sha};
            if (job.isEmpty()) return send("POST", "/exchange/" + family + "?wait=30", BodyPublishers.ofByteArray(content), headers).body();
            if (!at(job, "state").equals("RECEIVING")) return get(place + "?wait=30").body();
            var head = send("HEAD", place, BodyPublishers.noBody(), "Accept", "*/*").headers(); // 从已收到之处续传 / go on where it broke
            int offset = Integer.parseInt(head.firstValue("Upload-Offset").orElseThrow());
            return send("PATCH", place + "?wait=30", BodyPublishers.ofByteArray(content, offset, content.length - offset),
                "Upload-Offset", "" + offset, "Upload-Complete", "?1", "Repr-Digest", sha).body();
        };
        String job;
        do job = patiently(upload); while (at(job, "state").matches("QUEUED|RUNNING"));
        for (String name : "state rows created updated unchanged rejected skipped".split(" ")) System.out.print(name + "=" + at(job, name) + " ");
        if (!at(job, "state").equals("DONE")) throw new IllegalStateException(at(job, "error"));
        String verdicts = "/exchange/jobs/" + at(job, "id") + "/verdicts?only=rejected";
        if (!at(job, "rejected").equals("0")) Files.writeString(Path.of(path + ".rejected.ndjson"), patiently(() -> get(verdicts).body()));
        return at(job, "rejected").equals("0") ? 0 : 1;
    }
    public static void main(String[] words) {
        try { System.exit(words[0].equals("pull") ? pull(words) : push(words)); }
        catch (Exception error) { System.err.println(error + "；用法见文件开头 usage: see the top of the file"); }
        System.exit(2);
    }
}
