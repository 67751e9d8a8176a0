import { type Static, Type } from 'typebox'
import { DivisionCode, exact, Id, Instant, nullable, oneOf, Place, text } from './basics.ts'
import { RoomCard } from './rooms.ts'

/** Those who watch: following a county, reminders, points and levels of fans, and what the law asks where somebody is a minor. */

// ---- following

/** GET|PUT|DELETE /api/counties/{code}/follow. GET is for everybody; a stranger follows nobody. */
export const CountyFollow = Type.Object({ following: Type.Boolean(), followers: Type.Integer({ minimum: 0 }) })
export type CountyFollow = Static<typeof CountyFollow>

/** GET /api/my/follows: counties in the order in which they were followed, the newest first. */
export const FollowedCounty = Type.Object({
  county: Place,
  followedAt: Instant,
  level: Type.Integer({ minimum: 0 }),
  points: Type.Integer({ minimum: 0 }),
  /** On air just now, or else the next one to come. */
  room: nullable(RoomCard),
})
export type FollowedCounty = Static<typeof FollowedCounty>
export const MyFollows = Type.Object({ items: Type.Array(FollowedCounty) })

// ---- reminders and notices

/** How long before a show those who asked for it are told. */
export const REMIND_BEFORE_MS = 10 * 60_000
/** Shows to come that one person may be reminded of. */
export const REMINDERS_MAX = 200

/** PUT|DELETE /api/rooms/{id}/reminder */
export const RoomReminder = Type.Object({ reminded: Type.Boolean() })

/** scheduled and live: of counties that one follows. reminder: of a show that one asked to be reminded of. */
export const NOTICE_KINDS = ['reminder', 'scheduled', 'live'] as const
/** GET /api/my/notices: what there was to tell in the last days, the newest first. POST /api/my/notices/seen makes all of them old. */
export const Notice = Type.Object({ kind: oneOf(NOTICE_KINDS), at: Instant, isNew: Type.Boolean(), room: RoomCard })
export type Notice = Static<typeof Notice>
export const MyNotices = Type.Object({ items: Type.Array(Notice), unseen: Type.Integer({ minimum: 0 }) })

// ---- the viewer in a room

/** GET /api/rooms/{id}/me: what the room knows of who is signed in. `level` 0 is no fan yet. */
export const RoomMe = Type.Object({
  following: Type.Boolean(),
  reminded: Type.Boolean(),
  level: Type.Integer({ minimum: 0 }),
  points: Type.Integer({ minimum: 0 }),
  minor: Type.Boolean(),
  may: Type.Object({ chat: Type.Boolean(), draw: Type.Boolean(), follow: Type.Boolean() }),
})
export type RoomMe = Static<typeof RoomMe>

// ---- the share card

/** GET /api/rooms/{id}/share.png */
export const ShareQuery = Type.Object({ lang: Type.Optional(Type.Union([Type.Literal('zh'), Type.Literal('en')])) })

// ---- one host hands over to another

/** POST /api/rooms/{id}/handover (host team) -> RoomDesk */
export const HandoverInput = exact({
  hostName: text(20, 1),
  hostOffice: Type.Optional(text(20)),
  hostOfficeEn: Type.Optional(text(40)),
})
export type HandoverInput = Static<typeof HandoverInput>
/** GET /api/rooms/{id}/hosts: who spoke from when, in order; the first from the beginning (null). */
export const RoomHosts = Type.Object({
  items: Type.Array(
    Type.Object({
      hostName: Type.String(),
      hostOffice: Type.String(),
      hostOfficeEn: Type.String(),
      from: nullable(Instant),
    }),
  ),
})

// ---- age

/** under_14: personal data only with a guardian's consent. under_16: not in front of the camera. under_18: with consent. */
export const AGE_BANDS = ['under_14', 'under_16', 'under_18', 'adult'] as const
export type AgeBand = (typeof AGE_BANDS)[number]
/** YYYY-MM. */
const BirthMonth = Type.String({ pattern: '^(19|20)\\d{2}-(0[1-9]|1[0-2])$' })

/** PUT /api/my/age, once: what was said can then only be put right by an operator. */
export const AgeInput = exact({ birthMonth: BirthMonth })
/** GET /api/my/age. `birthMonth` null where nobody has said it; who has not is taken for an adult. */
export const MyAge = Type.Object({
  birthMonth: nullable(BirthMonth),
  band: oneOf(AGE_BANDS),
  guardianConsent: Type.Boolean(),
})
export type MyAge = Static<typeof MyAge>
/** PUT /api/users/{id}/age (operator): a minor whose birth nobody knows has birthMonth null and minor true. */
export const AgeByOperator = exact({
  birthMonth: nullable(BirthMonth),
  minor: Type.Boolean(),
  guardianConsent: Type.Boolean(),
})
export type AgeByOperator = Static<typeof AgeByOperator>

export const CountyParams = Type.Object({ code: DivisionCode })
export const UserParams = Type.Object({ id: Id })
