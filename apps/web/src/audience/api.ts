import type { CountyFollow, FollowedCounty, MyAge, Notice } from '@chunbo/contract/audience'
import type { DemoMessages } from '@chunbo/contract/relief-intake'
import { read, send } from '../ui/api.ts'

/** What the server knows of who watches. All throw ApiError. */
export const loadFollow = (countyCode: number, signal: AbortSignal) =>
  read<CountyFollow>(`/api/counties/${countyCode}/follow`, { signal })
export const setFollow = (countyCode: number, on: boolean) =>
  send<CountyFollow>(on ? 'PUT' : 'DELETE', `/api/counties/${countyCode}/follow`, {})
export const loadFollows = (signal: AbortSignal) =>
  read<{ items: FollowedCounty[] }>('/api/my/follows', { signal }).then(({ items }) => items)
export const loadNotices = (signal: AbortSignal) =>
  read<{ items: Notice[]; unseen: number }>('/api/my/notices', { signal })
export const seeNotices = () => send<void>('POST', '/api/my/notices/seen', {})
export const loadAge = (signal: AbortSignal) => read<MyAge>('/api/my/age', { signal })
export const declareBirth = (birthMonth: string) => send<MyAge>('PUT', '/api/my/age', { birthMonth })
export const loadDemoReminders = (signal: AbortSignal) =>
  read<DemoMessages>('/api/demo/reminders', { signal }).then(({ messages }) => messages)
