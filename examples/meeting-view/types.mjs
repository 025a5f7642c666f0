// 由 schema 和 operation.graphql 生成 src/types.ts：npm run types。 Makes src/types.ts of the schema and operation.graphql.
import { readFileSync, writeFileSync } from "node:fs";
import { codegen } from "@graphql-codegen/core";
import * as operations from "@graphql-codegen/typescript-operations";
import { parse } from "graphql";

const read = (path) => parse(readFileSync(new URL(path, import.meta.url), "utf8"));
const text = await codegen({
  filename: "src/types.ts",
  schema: read("../../schema.graphql"),
  documents: [{ location: "operation.graphql", document: read("operation.graphql") }],
  plugins: [{ operations: {} }],
  pluginMap: { operations },
  config: {
    scalars: { Date: "string", DateTime: "string", ID: "string", Long: "number" },
    inlineFragmentTypes: "combine",
    enumsAsTypes: true,
    skipTypename: true,
    useTypeImports: true,
  },
});
writeFileSync(new URL("src/types.ts", import.meta.url), `// 由 types.mjs 生成，勿手改。 Made by types.mjs: npm run types.\n${text.trim()}\n`);
