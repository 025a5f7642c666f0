import { defineConfig } from "vite";

// 与平台同源：开发时转发 /graphql；部署时放在同一反向代理之后。 On the hub's origin: forwarded here, behind one proxy later.
export default defineConfig({
  base: "./",
  build: { modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
  server: { proxy: { "/graphql": "http://127.0.0.1:8080" } },
});
