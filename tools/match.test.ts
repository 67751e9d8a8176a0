/** The matching from the command line, and its schemas in docs/. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { checkPlan, DEFAULT_RULES, type Instance, Plan } from '@chunbo/matching'
import { Value } from 'typebox/value'

const folder = await mkdtemp(join(tmpdir(), 'chunbo-match-'))
after(() => rm(folder, { recursive: true }))
const [inPath, outPath] = [join(folder, 'instance.json'), join(folder, 'plan.json')]

const instance: Instance = {
  version: 1,
  startDay: '2026-10-12',
  days: 5,
  alerts: [
    {
      id: 'jingdong-peas',
      produce: 'pea',
      family: 'vegetable/legume',
      grams: 30_000_000,
      pickFrom: 0,
      pickTo: 3,
      pickedOn: null,
      ambientLifeDays: 4,
      coldLifeDays: 10,
      needsCold: true,
      floorFenPerKg: 260,
      grade: null,
      lngE5: 10_083_000,
      latE5: 2_445_000,
      region: 530_823,
      listed: true,
      households: 80,
      merchantsMax: 2,
    },
  ],
  merchants: [
    {
      id: 'kunming',
      produce: [],
      families: ['vegetable'],
      grades: [],
      regions: [53],
      reachKm: 800,
      capacityG: 8_000_000,
      capTotalG: 20_000_000,
      lotMinG: 2_000_000,
      cold: true,
      packingDays: 1,
      kmPerDay: 600,
      lngE5: 10_271_000,
      latE5: 2_504_000,
      offersFenPerKg: { pea: 300 },
      reliabilityPermille: 950,
    },
  ],
  frozen: [],
  excluded: [],
  rules: DEFAULT_RULES,
}

function run(tool: string, args: readonly string[]): Promise<{ code: number | null; text: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL(tool, import.meta.url)), ...args])
    let text = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, text }))
  })
}

test('a file is matched and the plan written', async () => {
  await writeFile(inPath, JSON.stringify(instance))
  const { code, text } = await run('match.ts', ['--in', inPath, '--out', outPath, '--seconds', '5'])
  assert.equal(code, 0, text)
  const plan: unknown = JSON.parse(await readFile(outPath, 'utf8'))
  assert.ok(Value.Check(Plan, plan), 'the plan is as its schema says')
  assert.deepEqual(checkPlan(instance, plan), [])
  assert.equal(plan.grams.sold, 20_000_000)
})

test('wrong calls and wrong files end with code 2 and say what is wrong', async () => {
  const refused = async (args: readonly string[], what: RegExp) => {
    const { code, text } = await run('match.ts', args)
    assert.equal(code, 2, text)
    assert.match(text, what)
  }
  await refused([], /--in/)
  await refused(['--in', join(folder, 'nothing.json'), '--out', outPath], /cannot read/)
  await refused(['--in', inPath, '--out', outPath, '--seconds', 'soon'], /--seconds/)
  await refused(['--in', inPath, '--out', outPath, '--fast'], /--fast/)
  await refused(['--in', inPath, '--out', join(folder, 'no', 'plan.json'), '--seconds', '1'], /cannot write/)
  for (const [text, what] of [
    ['{"alerts": [', /not JSON/],
    ['[]', /not an instance/],
    [
      JSON.stringify({ ...instance, alerts: instance.alerts.map((alert) => ({ ...alert, grams: 0.5 })) }),
      /\/alerts\/0\/grams/,
    ],
    [JSON.stringify({ ...instance, days: -3 }), /\/days/],
  ] as const) {
    await writeFile(inPath, text)
    await refused(['--in', inPath, '--out', outPath], what)
  }
})

test('the schemas in docs/ are those of the code', async () => {
  const { code, text } = await run('match-schemas.ts', ['--check'])
  assert.equal(code, 0, text)
})
