import { onScopeDispose, type Ref, ref } from 'vue'
import { locale } from '../i18n/index.ts'

/** Times in the reader's zone and words. Days (YYYY-MM-DD) have no zone and are not shifted. */
const tag = () => (locale.value === 'zh' ? 'zh-CN' : 'en-GB')

function format(at: Date, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(tag(), options).format(at)
}

/** "3月14日" / "14 March" of a calendar day. */
export function dayText(day: string): string {
  return format(new Date(`${day}T00:00:00Z`), { month: 'long', day: 'numeric', timeZone: 'UTC' })
}

/** "3月14日 20:00" / "14 Mar, 20:00" of an instant; the year only when it is not this one. */
export function momentText(instant: string): string {
  const at = new Date(instant)
  const year = at.getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' as const }
  const month = locale.value === 'zh' ? ('long' as const) : ('short' as const)
  return format(at, { ...year, month, day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false })
}

/** "20:00" of an instant. */
export function clockText(instant: string | number): string {
  return format(new Date(instant), { hour: '2-digit', minute: '2-digit', hour12: false })
}

/** "今天", "明天" or the day, for when a show begins. */
export function nearDayText(instant: string, nowMs: number): string {
  const at = new Date(instant)
  const days = Math.round((startOfDay(at) - startOfDay(new Date(nowMs))) / 86_400_000)
  if (days >= -1 && days <= 1) return new Intl.RelativeTimeFormat(tag(), { numeric: 'auto' }).format(days, 'day')
  return format(at, { month: locale.value === 'zh' ? 'long' : 'short', day: 'numeric' })
}

function startOfDay(at: Date): number {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime()
}

/** Time left as "2:05", "1:02:05"; never below 0:00. */
export function leftText(leftMs: number): string {
  const s = Math.max(0, Math.ceil(leftMs / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(s / 3600)
  const minutes = Math.floor((s % 3600) / 60)
  return hours > 0 ? `${hours}:${two(minutes)}:${two(s % 60)}` : `${minutes}:${two(s % 60)}`
}

/** The clock of the page, in ms, once a second while the component lives. */
export function useNow(): Ref<number> {
  const now = ref(Date.now())
  const timer = window.setInterval(() => {
    now.value = Date.now()
  }, 1000)
  onScopeDispose(() => window.clearInterval(timer))
  return now
}
