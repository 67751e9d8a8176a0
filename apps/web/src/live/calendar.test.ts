import assert from 'node:assert/strict'
import { test } from 'node:test'
import { calendarHref } from './calendar.ts'

test('a show becomes an event with its time in UTC and its title escaped', () => {
  const show = {
    title: '景东豌豆, 两斤; 直播',
    startsAt: '2027-03-01T20:00:00+08:00',
    url: 'https://x.example/rooms/7',
    id: 7,
  }
  const text = decodeURIComponent(calendarHref(show).slice('data:text/calendar;charset=utf-8,'.length))
  assert.match(text, /DTSTART:20270301T120000Z\r\n/)
  assert.match(text, /DTEND:20270301T140000Z\r\n/)
  assert.match(text, /SUMMARY:景东豌豆\\, 两斤\\; 直播\r\n/)
  assert.ok(text.endsWith('END:VCALENDAR\r\n'))
})
