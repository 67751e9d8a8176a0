import { Refusal } from '../platform/problem.ts'
import type { PageHead } from '../platform/web-app.ts'
import type { LiveContext } from './context.ts'
import { readRoomPage } from './read-room-page.ts'

/** Title, share text and first data of the room page. */
export function livePages(context: LiveContext): PageHead[] {
  return [
    {
      path: /^\/rooms\/([1-9]\d{0,14})$/,
      async describe(match, locale) {
        const room = await readRoomPage(context, Number(match[1])).catch((error: unknown) => {
          if (error instanceof Refusal) return null
          throw error
        })
        // The page of a room for practice says nothing: nobody is known here, and to others there is no such room.
        if (!room || room.practice) return null
        const english = locale === 'en' && room.titleEn !== ''
        const office = english ? room.hostOfficeEn : room.hostOffice
        const host = [office, room.hostName].filter((part) => part !== '').join(' ')
        return {
          title: english ? room.titleEn : room.titleZh,
          description: `${room.county.county} · ${host}`,
          image: `/api/rooms/${room.id}/share.png${locale === 'en' ? '?lang=en' : ''}`,
          data: { [`/api/rooms/${room.id}`]: room },
        }
      },
    },
  ]
}
