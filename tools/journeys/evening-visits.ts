import type { Visit } from './visits.ts'

const host = 'host@demo.chunbo'

/** What became of a show, and the big screen of one that is on air. */
export function eveningVisits({ liveRoom, scheduledRoom }: { liveRoom: number; scheduledRoom: number }): Visit[] {
  const report = '/evening/:roomId(\\d+)'
  return [
    { route: report, path: `/evening/${liveRoom}`, as: host, name: 'evening' },
    { route: '/screen/:roomId(\\d+)', path: `/screen/${liveRoom}`, as: host, name: 'screen-live' },
    { route: '/screen/:roomId(\\d+)', path: `/screen/${scheduledRoom}`, as: host, name: 'screen-scheduled' },
  ]
}
