/** Runs one step in a process group of its own, keeps its output in a file and counts what passed. */
import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { finished } from 'node:stream/promises'
import { root, type Step, testFiles } from './test-steps.ts'

export interface StepResult {
  name: string
  passed: number
  failed: number
  tookMs: number
  /** What to show of a failed step: all of its output, or the end of it when it is very long. */
  output: string
  /** Path of the whole output, from the root. */
  logFile: string
}

interface Counts {
  passed: number
  failed: number
}

const stepMsMax = 1_200_000
const testMsMax = 600_000
const shownLinesMax = 600
const lineCharsMax = 1000
const children = new Set<ChildProcess>()
let closing = false

/** Runs the step; it never throws for a step that fails. */
export async function runStep(
  step: Step,
  options: { logFolder: string; databaseUrl: string | undefined },
): Promise<StepResult> {
  const logFile = join(options.logFolder, `${step.name}.log`)
  const countFile = join(options.logFolder, `${step.name}.json`)
  const started = performance.now()
  const args = step.run ?? nodeTestArgs(step, countFile)
  const base = { name: step.name, logFile: relative(root, logFile) }
  if (args === undefined) {
    return { ...base, passed: 0, failed: 1, tookMs: 0, output: `no file matches ${step.tests?.join(', ')}` }
  }
  const env =
    options.databaseUrl === undefined ? process.env : { ...process.env, TEST_POSTGRES_URL: options.databaseUrl }
  const ended = await runToFile(args, env, logFile)
  const counts = await countsOf(step, countFile, ended === 0)
  const output = counts.failed > 0 ? shorten(await readFile(logFile, 'utf8')) : ''
  return { ...base, ...counts, tookMs: performance.now() - started, output }
}

/** Ends every step that still runs, with all processes of its group, and lets no other begin. */
export function killSteps(): void {
  closing = true
  for (const child of children) killGroup(child, 'SIGKILL')
}

function nodeTestArgs(step: Step, countFile: string): string[] | undefined {
  const files = testFiles(step)
  if (files.length === 0) return undefined
  return [
    '--test',
    `--test-concurrency=${step.concurrency ?? 2}`,
    `--test-timeout=${testMsMax}`,
    '--test-reporter=spec',
    '--test-reporter-destination=stdout',
    '--test-reporter=./tools/test-count-reporter.ts',
    `--test-reporter-destination=${countFile}`,
    ...files,
  ]
}

/** Resolves to the exit code, or null when the step was killed. */
async function runToFile(args: readonly string[], env: NodeJS.ProcessEnv, logFile: string): Promise<number | null> {
  const log = createWriteStream(logFile)
  const child = spawn(process.execPath, [...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  children.add(child)
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  const timer = setTimeout(() => {
    log.write(`\nended after ${stepMsMax / 1000} s: it did not come to an end by itself\n`)
    killGroup(child, 'SIGKILL')
  }, stepMsMax)
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      log.write(`${error.stack}\n`)
      resolve(1)
    })
    // On exit, not on close: what a test left running must not keep the step open for ever.
    child.once('exit', (exitCode) => resolve(exitCode))
  })
  clearTimeout(timer)
  killGroup(child, 'SIGKILL')
  children.delete(child)
  // After Ctrl-C no step comes to an end any more: the next would start in its place.
  if (closing) return new Promise(() => {})
  await new Promise((resolve) => setImmediate(resolve))
  log.end()
  await finished(log)
  return code
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // Nothing of the group is left.
  }
}

/** A check counts as one. Tests count one each; a run that failed without a failed test (a crash) counts one failure. */
async function countsOf(step: Step, countFile: string, ok: boolean): Promise<Counts> {
  if (step.tests === undefined) return ok ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
  const text = await readFile(countFile, 'utf8').catch(() => '')
  await rm(countFile, { force: true })
  const counts: Counts = text === '' ? { passed: 0, failed: 0 } : JSON.parse(text)
  if (counts.failed === 0 && (!ok || counts.passed === 0)) return { ...counts, failed: 1 }
  return counts
}

function shorten(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => (line.length > lineCharsMax ? `${line.slice(0, lineCharsMax)} …` : line))
  if (lines.length <= shownLinesMax) return lines.join('\n')
  return [`(the last ${shownLinesMax} of ${lines.length} lines)`, ...lines.slice(-shownLinesMax)].join('\n')
}
