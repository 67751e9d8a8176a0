/** `npm run sim -- <load> [options]`: plays one of the mission's loads against a started server, over its public API only. */
import { PINGSHUN_USAGE, playPingshun } from './pingshun.ts'

const loads: Readonly<Record<string, { usage: string; play(args: readonly string[]): Promise<number> }>> = {
  pingshun: { usage: PINGSHUN_USAGE, play: playPingshun },
}

const [name = '', ...args] = process.argv.slice(2)
const load = loads[name]
if (load === undefined || args.includes('--help')) {
  process.stderr.write(
    `${Object.values(loads)
      .map(({ usage }) => usage)
      .join('\n')}\n`,
  )
  process.exit(load === undefined ? 2 : 0)
}
try {
  process.exitCode = await load.play(args)
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
// Connections that are kept alive would hold the process for a while.
process.exit()
