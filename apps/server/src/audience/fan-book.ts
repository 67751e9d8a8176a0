import type { AgeBand } from '@chunbo/contract'
import { fanLevel } from '@chunbo/contract'
import type { Platform } from '../platform/slice.ts'
import { AGE_UNKNOWN, bandOf, chinaDay, type KnownAge, type Leave, leaveOf } from './age.ts'

/** What a room asks of somebody who watches. */
export interface Fan {
  readonly following: boolean
  readonly points: number
  /** 0 for none yet. */
  readonly level: number
  readonly band: AgeBand
  readonly may: Leave
}

/** Fans as they are known in this process: read with the socket, then without a wait. */
export interface FanBook {
  /** At most a minute old. */
  of(userId: number, countyCode: number): Promise<Fan>
  /** What is known without a wait, undefined when nothing is. One of some minutes ago is read again behind the caller's back. */
  now(userId: number, countyCode: number): Fan | undefined
  /** The same, however old it is. */
  peek(userId: number, countyCode: number): Fan | undefined
  /** Somebody follows or no longer does. */
  followed(userId: number, countyCode: number, following: boolean): void
  /** Points were added. */
  scored(userId: number, countyCode: number, points: number): void
  /** What an account may do has changed: what is known of it is forgotten. */
  forget(userId: number): void
}

const FRESH_MS = 60_000
/** Who has a socket speaks again and again; what they did here is told at once, so only other processes' news is late. */
const STALE_MS = 5 * 60_000
/** Some 200 bytes each. */
const KEPT_MAX = 100_000

const FAN = `
  select exists (select from county_follows f where f.user_id = $1 and f.county_code = $2) as following,
    coalesce((select points from fans where user_id = $1 and county_code = $2), 0) as points,
    to_char(a.birth_month, 'YYYY-MM') as "birthMonth", a.minor, a.guardian_consent as "guardianConsent"
  from (select 1) one left join user_ages a on a.user_id = $1`

interface FanRow {
  readonly following: boolean
  readonly points: number
  readonly birthMonth: string | null
  readonly minor: boolean | null
  readonly guardianConsent: boolean | null
}

interface Kept {
  fan: Fan
  untilMs: number
}

export function createFanBook({ db, clock, log }: Pick<Platform, 'db' | 'clock' | 'log'>): FanBook {
  const kept = new Map<string, Kept>()
  const keysOfUser = new Map<number, Set<string>>()
  const reading = new Map<string, Promise<Fan>>()
  const keyOf = (userId: number, countyCode: number) => `${userId}:${countyCode}`

  async function read(userId: number, countyCode: number): Promise<Fan> {
    const [row] = await db.query<FanRow>(FAN, [userId, countyCode], 'audience-fan')
    const age: KnownAge = row
      ? {
          birthMonth: row.birthMonth,
          minor: row.minor === true,
          guardianConsent: row.guardianConsent === true,
        }
      : AGE_UNKNOWN
    const today = chinaDay(clock.now())
    const points = row?.points ?? 0
    const fan: Fan = {
      following: row?.following === true,
      points,
      level: fanLevel(points),
      band: bandOf(age, today),
      may: leaveOf(age, today),
    }
    keep(userId, countyCode, fan)
    return fan
  }
  function keep(userId: number, countyCode: number, fan: Fan): void {
    const key = keyOf(userId, countyCode)
    if (!kept.has(key) && kept.size >= KEPT_MAX) {
      kept.clear()
      keysOfUser.clear()
    }
    kept.set(key, { fan, untilMs: clock.now().getTime() + FRESH_MS })
    const keys = keysOfUser.get(userId)
    if (keys) keys.add(key)
    else keysOfUser.set(userId, new Set([key]))
  }
  function readOnce(userId: number, countyCode: number): Promise<Fan> {
    const key = keyOf(userId, countyCode)
    let answer = reading.get(key)
    if (answer === undefined) {
      answer = read(userId, countyCode).finally(() => reading.delete(key))
      reading.set(key, answer)
    }
    return answer
  }
  function change(userId: number, countyCode: number, edit: (fan: Fan) => Fan): void {
    const known = kept.get(keyOf(userId, countyCode))
    if (known) known.fan = edit(known.fan)
  }
  return {
    of(userId, countyCode) {
      const known = kept.get(keyOf(userId, countyCode))
      if (known && known.untilMs > clock.now().getTime()) return Promise.resolve(known.fan)
      return readOnce(userId, countyCode)
    },
    now(userId, countyCode) {
      const known = kept.get(keyOf(userId, countyCode))
      if (!known || known.untilMs + STALE_MS <= clock.now().getTime()) {
        readOnce(userId, countyCode).catch((error: unknown) => log.warn({ err: error }, 'a fan could not be read'))
      }
      return known?.fan
    },
    peek: (userId, countyCode) => kept.get(keyOf(userId, countyCode))?.fan,
    followed: (userId, countyCode, following) => change(userId, countyCode, (fan) => ({ ...fan, following })),
    scored: (userId, countyCode, points) =>
      change(userId, countyCode, (fan) => ({ ...fan, points, level: fanLevel(points) })),
    forget(userId) {
      for (const key of keysOfUser.get(userId) ?? []) kept.delete(key)
      keysOfUser.delete(userId)
    },
  }
}
