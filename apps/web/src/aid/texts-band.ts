import { texts } from '../i18n/index.ts'

/** The few words of the band on the front page, so that the rest is not in its load. */
export const bandText = texts({
  title: ['爱心助农', 'Love aid'],
  all: ['全部', 'All'],
  left: ['还剩 {weight}', '{weight} left'],
  hours: ['还能等 {n} 小时', '{n} hour left|{n} hours left'],
  days: ['还能等 {n} 天', '{n} day left|{n} days left'],
})
