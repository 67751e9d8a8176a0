import { type Figure, figure } from '../figures.ts'
import { type Child, LOAD_CORE, SERVER_CORE } from './child-link.ts'
import type { CrowdFigures, CrowdPlan, Manner } from './crowd.ts'
import { hasNchan, startNchan } from './peer-nchan.ts'
import { processorS } from './processor.ts'
import { crowdOf, percent, type RoomStage } from './stage.ts'

/** All peers hold their viewers at the same time, and a process may have 20,000 sockets on many machines. */
const VIEWERS = 3_500
const SECONDS = 4
/** Characters of the text in a message, which makes about 600 bytes. */
const CHARS = 150
/**
 * Messages that are under way at a time. With sixteen everyone always has more to send: nchan then writes several in one call, and our room
 * tells what came meanwhile in one frame. With one nobody can, and each delivery is a call of its own.
 */
const WINDOWS = { full: 16, single: 1 } as const
type Drive = keyof typeof WINDOWS

interface Peer {
  readonly name: string
  readonly port: number
  /** Path for posting. */
  readonly path: string
  readonly plan: CrowdPlan
  /** Process that does the sending. */
  readonly pid: number
  readonly stop: () => Promise<void>
}

async function openPeer(
  stage: RoomStage,
  name: string,
  script: string,
  port: number,
  path: string,
  manner: Manner,
): Promise<Peer> {
  const server = await stage.open(script, SERVER_CORE)
  await server.ask('listen', { port })
  return { name, port, path: '/', plan: planOf(stage, port, path, manner), pid: server.pid, stop: () => server.close() }
}

const planOf = (stage: RoomStage, port: number, path: string, manner: Manner) =>
  crowdOf(Math.min(VIEWERS, stage.viewers), port, { path, manner })

async function openPeers(stage: RoomStage): Promise<Peer[]> {
  const peers = [
    await openPeer(stage, 'chunbo', './room-server.ts', 4552, '/api/rooms/1/socket', 'room'),
    await openPeer(stage, 'socketio', './peer-socketio.ts', 4553, '/socket.io/?EIO=4&transport=websocket', 'socketio'),
    await openPeer(stage, 'ws', './peer-ws.ts', 4554, '/', 'plain'),
    await openPeer(stage, 'bare', './peer-bare.ts', 4558, '/', 'plain'),
  ]
  if (!hasNchan()) {
    stage.say(
      'nchan is not on this machine (apt-get install nginx-light libnginx-mod-nchan): ratio_to_nchan is left out',
    )
    return peers
  }
  const port = 4555
  const { workerPid: pid, stop: stopNginx } = await startNchan(port)
  const stop = stage.atEnd(stopNginx)
  return [...peers, { name: 'nchan', port, path: '/pub', plan: planOf(stage, port, '/sub', 'plain'), pid, stop }]
}

interface Saturated extends CrowdFigures {
  readonly messages: number
  readonly perS: number
}

/**
 * Deliveries in a second of the server's core: messages that reached a viewer. It has something to send all the time, so this is its rate when it
 * has the core to itself; where a neighbour takes a part of the core, or the load is slower than the server, it still is.
 */
async function measure(stage: RoomStage, load: Child, peer: Peer, drive: Drive): Promise<number> {
  const { name, port, path, pid } = peer
  const wrap = peer.plan.manner !== 'room'
  const told = { name, port, path, wrap, chars: CHARS, window: WINDOWS[drive] }
  const usedS = processorS(pid)
  const seen = await load.ask<Saturated>('saturate', { ...told, seconds: SECONDS })
  const rate = seen.messages / (processorS(pid) - usedS)
  const size = (seen.bytes / Math.max(1, seen.messages)).toFixed(0)
  stage.say(
    `  ${name.padEnd(9)} ${rate.toFixed(0)} deliveries a second of its core (${seen.perS.toFixed(0)}/s by the clock) of ${size} bytes, ` +
      `${(seen.messages / Math.max(1, seen.frames)).toFixed(1)} in a frame, load ${percent(seen.loadShare)} of its core`,
  )
  return rate
}

type Rates = ReadonlyMap<string, number[]>

/** Deliveries of one room, ours and the others in turn, every server on the same core with as many viewers. */
export async function saturationFigures(stage: RoomStage): Promise<Figure[]> {
  const peers = await openPeers(stage)
  const load = await stage.open('./load-client.ts', LOAD_CORE)
  const ratesOf = (): Rates => new Map(peers.map(({ name }) => [name, []]))
  const rates = { full: ratesOf(), single: ratesOf() }
  try {
    await load.ask('stayAwake')
    for (const { name, plan } of peers) await load.ask('enter', { name, plan })
    for (let round = 1; round <= stage.rounds; round += 1) {
      for (const drive of ['full', 'single'] as const) {
        const viewers = Math.min(VIEWERS, stage.viewers)
        stage.say(`round ${round}, ${viewers} viewers each, ${WINDOWS[drive]} under way at a time:`)
        for (const peer of peers) rates[drive].get(peer.name)?.push(await measure(stage, load, peer, drive))
      }
    }
  } finally {
    await load.close()
    for (const { stop } of peers) await stop()
  }
  stage.say(
    '  limited by: the system call for each viewer and frame, in all of them; what they add to it, and how many messages share one',
  )
  return figuresOf(rates, rates.full.has('nchan'))
}

function figuresOf({ full, single }: Record<Drive, Rates>, hasPeerNchan: boolean): Figure[] {
  const ratios = (rates: Rates, to: string) =>
    (rates.get('chunbo') ?? []).map((rate, round) => rate / (rates.get(to)?.[round] ?? Number.NaN))
  return [
    ...(hasPeerNchan
      ? [
          figure('ratio_to_nchan', 'ratio', ratios(full, 'nchan')),
          figure('ratio_to_nchan_single', 'ratio', ratios(single, 'nchan')),
        ]
      : []),
    figure('ratio_to_socketio', 'ratio', ratios(full, 'socketio')),
    figure('ratio_to_socketio_single', 'ratio', ratios(single, 'socketio')),
    figure('ratio_to_ws', 'ratio', ratios(full, 'ws')),
    figure('ratio_to_bare_loop', 'ratio', ratios(single, 'bare')),
    figure('deliveries_per_s', 'deliveries/s', full.get('chunbo') ?? []),
    figure(
      'us_per_write',
      'us',
      (single.get('chunbo') ?? []).map((rate) => 1e6 / rate),
    ),
    figure(
      'us_per_write_bare_loop',
      'us',
      (single.get('bare') ?? []).map((rate) => 1e6 / rate),
    ),
  ]
}
