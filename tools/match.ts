/**
 * `npm run match -- --in instance.json --out plan.json [--seconds 60]`: matches a file. Exit code 0 with a plan, also one
 * whose frozen flows clash (its status says so); 2 when the call or the file is wrong; 1 when something else failed.
 */
import { readFile, stat, writeFile } from 'node:fs/promises'
import { resolve as pathOf } from 'node:path'
import { parseArgs } from 'node:util'
import { type Instance, InstanceError, type Plan, readInstance, solve } from '@chunbo/matching'

const bytesMax = 256 * 2 ** 20
const usage = '用法 / usage: npm run match -- --in instance.json --out plan.json [--seconds 60]'

/** What the caller did wrong, in both languages. */
class CallError extends Error {
  constructor(zh: string, en: string) {
    super(`${zh} / ${en}`)
  }
}

interface Call {
  readonly inPath: string
  readonly outPath: string
  readonly seconds: number
}

function readCall(args: readonly string[]): Call {
  const { values } = parseArgs({
    args: [...args],
    options: { in: { type: 'string' }, out: { type: 'string' }, seconds: { type: 'string', default: '60' } },
  })
  if (values.in === undefined || values.out === undefined) throw new CallError(usage, 'needs --in and --out')
  const seconds = Number(values.seconds)
  if (!(seconds > 0 && seconds <= 86_400))
    throw new CallError('--seconds 应为 0 到 86400 之间的数', '--seconds must be a number above 0, up to 86400')
  return { inPath: pathOf(values.in), outPath: pathOf(values.out), seconds }
}

async function readFileAsInstance(path: string): Promise<Instance> {
  const { size } = await stat(path).catch(() => {
    throw new CallError(`读不到文件 ${path}`, `cannot read ${path}`)
  })
  if (size > bytesMax) throw new CallError(`文件超过 256 MiB：${path}`, `the file is larger than 256 MiB: ${path}`)
  const text = await readFile(path, 'utf8').catch(() => {
    throw new CallError(`读不到文件 ${path}`, `cannot read ${path}`)
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new CallError(`不是 JSON：${path}`, `not JSON: ${error instanceof Error ? error.message : path}`)
  }
  return readInstance(value)
}

const yuan = (fen: number) => (fen / 100).toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })
const tonnes = (grams: number) => (grams / 1e6).toLocaleString('en', { maximumFractionDigits: 3 })

function summary(plan: Plan, outPath: string): string {
  const { grams, flows, clashes, status, gap, seconds } = plan
  const lines = [
    `${status}: 售出 sold ${tonnes(grams.sold)} t of ${tonnes(grams.supply)} t in ${flows.length} lots, 未售 unsold ${tonnes(grams.unsold)} t`,
    `成本 cost ${yuan(plan.objectiveFen)} yuan, 下界 bound ${yuan(plan.boundFen)} yuan, 差距 gap ${(100 * gap).toFixed(3)} %, ${seconds.toFixed(1)} s`,
    ...clashes.slice(0, 20).map(({ text }) => `冲突 clash: ${text}`),
    ...(clashes.length > 20 ? [`and ${clashes.length - 20} more clashes`] : []),
    `已写入 written to ${outPath}`,
  ]
  return `${lines.join('\n')}\n`
}

/** Text for what the caller got wrong; undefined for what is our own fault. */
function objection(error: unknown): string | undefined {
  if (error instanceof InstanceError)
    return ['实例有误 / not an instance:', ...error.problems.map((problem) => `  ${problem}`)].join('\n')
  if (error instanceof CallError) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code.startsWith('ERR_PARSE_ARGS') ? `${usage}\n${error instanceof Error ? error.message : ''}` : undefined
}

try {
  const call = readCall(process.argv.slice(2))
  const plan = await solve(await readFileAsInstance(call.inPath), { seconds: call.seconds })
  await writeFile(call.outPath, `${JSON.stringify(plan, null, 1)}\n`).catch(() => {
    throw new CallError(`写不了文件 ${call.outPath}`, `cannot write ${call.outPath}`)
  })
  process.stdout.write(summary(plan, call.outPath))
} catch (error) {
  const text = objection(error)
  process.stderr.write(`${text ?? (error instanceof Error ? error.stack : String(error))}\n`)
  process.exitCode = text === undefined ? 1 : 2
}
