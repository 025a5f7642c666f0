// Run by run.sh, in a directory where graphql-http is installed.
import { auditServer } from 'graphql-http';

const url = process.argv[2];
let results;
try {
    results = await auditServer({ url });
} catch (error) {
    console.error(`audit.mjs: ${url} does not answer: ${error.cause?.message ?? error.message}`);
    process.exit(2);
}

const counts = { ok: 0, notice: 0, warn: 0, error: 0 };
for (const { id, name, status, reason } of results) {
    counts[status] += 1;
    if (status !== 'ok') {
        console.log(`${status} ${id} ${name}: ${reason}`);
    }
}
const { ok, ...rest } = counts;
const others = Object.entries(rest).filter(([, count]) => count > 0).map(([status, count]) => `${count} ${status}`);
console.log([`${ok} ok`, ...others].join(', '));
process.exitCode = ok === results.length ? 0 : 1;
