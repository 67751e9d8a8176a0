import {
  Address,
  AddressInput,
  DemoCodes,
  DemoLogins,
  GrantInput,
  GrantRow,
  Id,
  IdParams,
  Me,
  MeEdit,
  PageQuery,
  page,
  SendCodeInput,
  SessionView,
  SignInInput,
  SignUpInput,
  text,
  UserFound,
  VerifyCodeInput,
} from '@chunbo/contract'
import { Type } from 'typebox'
import { type Route, route } from '../platform/routes.ts'
import { actorOf } from '../platform/session.ts'
import type { IdentityContext } from './context.ts'
import { readDemoCodes, readDemoLogins } from './demo.ts'
import { editMe } from './edit-me.ts'
import { grantRole } from './grant-role.ts'
import { findUsers, readAddresses, readGrants, readMe } from './queries.ts'
import { removeAddress } from './remove-address.ts'
import { revokeGrant } from './revoke-grant.ts'
import { addAddress, replaceAddress } from './save-address.ts'
import { sendCode } from './send-code.ts'
import { startLocale } from './sign-in.ts'
import { signInByEmail } from './sign-in-by-email.ts'
import { signInByPhone } from './sign-in-by-phone.ts'
import { signOut } from './sign-out.ts'
import { signUpByEmail } from './sign-up-by-email.ts'
import type { WhoRules } from './who.ts'

// Whole villages and offices share one address behind their carrier, so what counts an address is generous; what
// guards an account counts the account (send-code.ts, sign-in-by-email.ts).
const CODES_AN_ADDRESS = { max: 60, windowS: 3600 }
const SIGN_INS_AN_ADDRESS = { max: 120, windowS: 900 }
const SIGN_UPS_AN_ADDRESS = { max: 60, windowS: 3600 }
const BODY_LIMIT_BYTES = 4096

function signInRoutes(context: IdentityContext, who: WhoRules): Route[] {
  return [
    route({
      method: 'POST',
      url: '/api/auth/phone-number/send-otp',
      who: who.anyone,
      summary: 'Send a sign-in code to a phone',
      body: SendCodeInput,
      status: 204,
      limit: CODES_AN_ADDRESS,
      bodyLimitBytes: BODY_LIMIT_BYTES,
      handle: async ({ body, request, reply }) => {
        await sendCode(context, body.phoneNumber, startLocale(request, body.locale))
        return reply.send()
      },
    }),
    route({
      method: 'POST',
      url: '/api/auth/phone-number/verify',
      who: who.anyone,
      summary: 'Sign in by the code sent to a phone; signs up who is new',
      body: VerifyCodeInput,
      response: Me,
      limit: SIGN_INS_AN_ADDRESS,
      bodyLimitBytes: BODY_LIMIT_BYTES,
      handle: ({ body, request, reply }) => signInByPhone(context, body, request, reply),
    }),
    route({
      method: 'POST',
      url: '/api/auth/sign-up/email',
      who: who.anyone,
      summary: 'Make an account with email and password and sign in',
      body: SignUpInput,
      response: Me,
      limit: SIGN_UPS_AN_ADDRESS,
      bodyLimitBytes: BODY_LIMIT_BYTES,
      handle: ({ body, request, reply }) => signUpByEmail(context, body, request, reply),
    }),
    route({
      method: 'POST',
      url: '/api/auth/sign-in/email',
      who: who.anyone,
      summary: 'Sign in with email and password',
      body: SignInInput,
      response: Me,
      limit: SIGN_INS_AN_ADDRESS,
      bodyLimitBytes: BODY_LIMIT_BYTES,
      handle: ({ body, request, reply }) => signInByEmail(context, body, request, reply),
    }),
    route({
      method: 'POST',
      url: '/api/auth/sign-out',
      who: who.anyone,
      summary: 'End the session',
      status: 204,
      handle: async ({ request, reply }) => {
        await signOut(context, request, reply)
        return reply.send()
      },
    }),
    route({
      method: 'GET',
      url: '/api/auth/get-session',
      who: who.anyone,
      summary: 'Who is signed in, or null',
      response: SessionView,
      handle: async ({ request }) => ({ me: request.actor ? await readMe(context, request.actor.userId) : null }),
    }),
  ]
}

function ownRoutes(context: IdentityContext, who: WhoRules): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/me',
      who: who.signedIn,
      summary: 'Who I am and what I may do',
      response: Me,
      handle: ({ request }) => readMe(context, actorOf(request).userId),
    }),
    route({
      method: 'PATCH',
      url: '/api/me',
      who: who.signedIn,
      summary: 'Change my name or language',
      body: MeEdit,
      response: Me,
      handle: async ({ request, body }) => {
        const { userId } = actorOf(request)
        await editMe(context, userId, body)
        return readMe(context, userId)
      },
    }),
    route({
      method: 'GET',
      url: '/api/me/addresses',
      who: who.signedIn,
      summary: 'My addresses, the default first',
      response: Type.Array(Address),
      handle: ({ request }) => readAddresses(context, actorOf(request).userId),
    }),
    route({
      method: 'POST',
      url: '/api/me/addresses',
      who: who.signedIn,
      summary: 'Add an address',
      body: AddressInput,
      response: Address,
      status: 201,
      handle: ({ request, body }) => addAddress(context, actorOf(request).userId, body),
    }),
    route({
      method: 'PUT',
      url: '/api/me/addresses/:id',
      who: who.signedIn,
      summary: 'Replace one of my addresses',
      params: IdParams,
      body: AddressInput,
      response: Address,
      handle: ({ request, params, body }) => replaceAddress(context, actorOf(request).userId, params.id, body),
    }),
    route({
      method: 'DELETE',
      url: '/api/me/addresses/:id',
      who: who.signedIn,
      summary: 'Remove one of my addresses',
      params: IdParams,
      status: 204,
      handle: async ({ request, params, reply }) => {
        await removeAddress(context, actorOf(request).userId, params.id)
        return reply.send()
      },
    }),
  ]
}

function operatorRoutes(context: IdentityContext, who: WhoRules): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/grants',
      who: who.operatorOnly,
      summary: 'Who may do what, the newest grant first, also those taken back',
      query: Type.Object({ ...PageQuery.properties, userId: Type.Optional(Id) }),
      response: page(GrantRow),
      handle: async ({ query }) => {
        const limit = query.limit ?? 50
        const beforeId = /^\d{1,15}$/.test(query.cursor ?? '') ? Number(query.cursor) : null
        const items = await readGrants(context, { userId: query.userId ?? null, beforeId, limit })
        return { items, next: items.length === limit ? String(items.at(-1)?.id) : null }
      },
    }),
    route({
      method: 'POST',
      url: '/api/grants',
      who: who.operatorOnly,
      summary: 'Give somebody a role',
      body: GrantInput,
      response: Type.Object({ id: Id }),
      status: 201,
      handle: async ({ request, body }) => ({ id: await grantRole(context, body, actorOf(request).userId) }),
    }),
    route({
      method: 'DELETE',
      url: '/api/grants/:id',
      who: who.operatorOnly,
      summary: 'Take a role back',
      params: IdParams,
      status: 204,
      handle: async ({ request, params, reply }) => {
        await revokeGrant(context, params.id, actorOf(request).userId)
        return reply.send()
      },
    }),
    route({
      method: 'GET',
      url: '/api/users',
      who: who.operatorOnly,
      summary: 'Find somebody by exact phone or email; masked',
      query: Type.Object({ phone: Type.Optional(text(30, 6)), email: Type.Optional(text(254, 3)) }),
      response: Type.Object({ items: Type.Array(UserFound) }),
      handle: async ({ query }) => ({ items: await findUsers(context, query) }),
    }),
  ]
}

function demoRoutes(context: IdentityContext, who: WhoRules): Route[] {
  return [
    route({
      method: 'GET',
      url: '/api/demo/codes',
      who: who.anyone,
      summary: 'Demonstration only: the codes that a real sender would have sent',
      response: DemoCodes,
      handle: () => readDemoCodes(context),
    }),
    route({
      method: 'GET',
      url: '/api/demo/logins',
      who: who.anyone,
      summary: 'Demonstration only: one login for each role',
      response: DemoLogins,
      handle: () => readDemoLogins(context),
    }),
  ]
}

/** Everything this slice answers. The demonstration's addresses do not exist outside of it. */
export function identityRoutes(context: IdentityContext, who: WhoRules): readonly Route[] {
  return [
    ...signInRoutes(context, who),
    ...ownRoutes(context, who),
    ...operatorRoutes(context, who),
    ...(context.config.demo ? demoRoutes(context, who) : []),
  ]
}
