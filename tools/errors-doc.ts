/**
 * Writes docs/errors.md from the registered error codes: `node tools/errors-doc.ts`. With --check it only says whether
 * the file is what it should be (exit code 1 if not).
 */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import '../apps/server/src/compose.ts'
import { listErrors } from '../apps/server/src/platform/problem.ts'

const path = fileURLToPath(new URL('../docs/errors.md', import.meta.url))
const rows = listErrors().map(
  ([code, { status, zh, en }]) => `| <a id="${code}"></a>\`${code}\` | ${status} | ${zh} | ${en} |`,
)
const wanted = `# Error codes

Every refusal is \`application/problem+json\` (RFC 9457) with one of these codes, a text in both languages, and where it helps \`params\`
and \`fields\`. Written by \`node tools/errors-doc.ts\` from the code; a test holds the two together.

| code | status | 中文 | English |
|---|---|---|---|
${rows.join('\n')}
`
if (process.argv.includes('--check')) {
  const current = await readFile(path, 'utf8').catch(() => '')
  if (current !== wanted) {
    process.stderr.write('docs/errors.md is out of date: run node tools/errors-doc.ts\n')
    process.exitCode = 1
  }
} else {
  await writeFile(path, wanted)
}
