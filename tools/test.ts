/**
 * `npm test`: everything that has to hold, in one run. Two steps at a time, because the machine it is measured for has
 * two cores; the journeys alone at the end, because a browser and a video stream fill it. Each step's output goes to
 * .artifacts/logs and is shown only when the step fails. `--only name,name` runs some steps.
 */
import { mkdir, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { prepareMachine } from './test-machine.ts'
import { startTestPostgres } from './test-postgres.ts'
import { killSteps, runStep, type StepResult } from './test-run-step.ts'
import { type Step, steps } from './test-steps.ts'

const slots = 2
const aliveEveryMs = 60_000
const say = (line: string) => process.stdout.write(`${line}\n`)

/** Runs the steps named, or all, and exits with 0 when every one of them passed, 130 after Ctrl-C, 1 otherwise. */
export async function runTests(only: readonly string[]): Promise<never> {
  const chosen = choose(only)
  const started = performance.now()
  await rm(logFolder, { recursive: true, force: true })
  await mkdir(logFolder, { recursive: true })
  const database = chosen.some((step) => step.database) ? await startTestPostgres(say) : undefined
  const interrupt = async () => {
    say('已中断，正在收拾… / interrupted, cleaning up')
    killSteps()
    await database?.stop()
    process.exit(130)
  }
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt)
  const results = await runAll(chosen, database?.url)
  await database?.stop()
  const passed = results.reduce((sum, result) => sum + result.passed, 0)
  const failed = results.reduce((sum, result) => sum + result.failed, 0)
  const failedSteps = results.filter((result) => result.failed > 0).map((result) => result.name)
  if (failedSteps.length > 0) say(`\n失败 / failed: ${failedSteps.join(', ')}`)
  say(`\n${results.length} steps in ${inSeconds(performance.now() - started)}`)
  say(`${passed} passed, ${failed} failed`)
  process.exit(failed === 0 ? 0 : 1)
}

const logFolder = fileURLToPath(new URL('../.artifacts/logs/', import.meta.url))

function choose(only: readonly string[]): Step[] {
  const unknown = only.filter((name) => !steps.some((step) => step.name === name))
  if (unknown.length > 0) {
    say(`没有这个步骤 / no such step: ${unknown.join(', ')}; ${steps.map((step) => step.name).join(', ')}`)
    process.exit(2)
  }
  return only.length === 0 ? [...steps] : steps.filter((step) => only.includes(step.name))
}

/** Starts a step as soon as a slot is free and what it waits for is done; steps that want the machine alone come last. */
async function runAll(chosen: Step[], databaseUrl: string | undefined): Promise<StepResult[]> {
  const results: StepResult[] = []
  const running = new Map<string, { step: Step; since: number; done: Promise<void> }>()
  const waiting = [...chosen]
  const alive = setInterval(() => {
    const list = [...running.values()].map(({ step, since }) => `${step.name} ${inSeconds(performance.now() - since)}`)
    say(`… ${list.join(', ')}`)
  }, aliveEveryMs)
  const mayStart = (step: Step) => {
    if (step.alone) return running.size === 0 && waiting.every((other) => other.alone)
    return !(step.after ?? []).some((name) => running.has(name) || waiting.some((other) => other.name === name))
  }
  while (waiting.length + running.size > 0) {
    const index = running.size < slots ? waiting.findIndex(mayStart) : -1
    const step = waiting[index]
    if (step === undefined) {
      await Promise.race([...running.values()].map(({ done }) => done))
      continue
    }
    waiting.splice(index, 1)
    const done = runStep(step, { logFolder, databaseUrl }).then((result) => {
      running.delete(step.name)
      results.push(result)
      report(result)
    })
    running.set(step.name, { step, since: performance.now(), done })
    if (step.alone) await done
  }
  clearInterval(alive)
  return results
}

function report(result: StepResult): void {
  const counts = result.failed > 0 ? `${result.passed} passed, ${result.failed} FAILED` : `${result.passed} passed`
  if (result.failed > 0) say(`\n──── ${result.name} ────\n${result.output.trimEnd()}\n──── ${result.logFile}`)
  say(`${result.failed > 0 ? '✗' : '✓'} ${result.name.padEnd(10)} ${inSeconds(result.tookMs).padStart(7)}  ${counts}`)
}

function inSeconds(durationMs: number): string {
  return `${(durationMs / 1000).toFixed(1)} s`
}

if (import.meta.main) {
  const flag = process.argv.indexOf('--only')
  const only = flag === -1 ? [] : (process.argv[flag + 1] ?? '').split(',').filter((name) => name !== '')
  if (only.length === 0 || steps.some((step) => step.machine && only.includes(step.name))) await prepareMachine(say)
  await runTests(only)
}
