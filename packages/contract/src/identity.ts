import { type Static, Type } from 'typebox'
import { DivisionCode, exact, Id, Instant, nullable, text } from './basics.ts'

export const ROLES = [
  'shop',
  'host',
  'commissioner',
  'merchant',
  'inspector',
  'relief_desk',
  'editor',
  'operator',
] as const
/** Roles that are granted. Everyone who is signed in is a buyer. */
export const Role = Type.Union(ROLES.map((role) => Type.Literal(role)))
export type Role = (typeof ROLES)[number]

/** A role with its scope (a county, a shop) and its term. */
export const Grant = Type.Object({
  id: Id,
  role: Type.Unsafe<Role>(Role),
  countyCode: nullable(DivisionCode),
  shopId: nullable(Id),
  validFrom: Instant,
  validUntil: nullable(Instant),
})
export type Grant = Static<typeof Grant>

/** GET /api/me. Phone and email are whole here: it is the reader's own. */
export const Me = Type.Object({
  userId: Id,
  name: Type.String(),
  phone: nullable(Type.String()),
  email: nullable(Type.String()),
  locale: Type.Union([Type.Literal('zh'), Type.Literal('en')]),
  grants: Type.Array(Grant),
})
export type Me = Static<typeof Me>

/** PATCH /api/me */
export const MeEdit = exact({
  name: Type.Optional(text(40, 1)),
  locale: Type.Optional(Type.Union([Type.Literal('zh'), Type.Literal('en')])),
})

const phoneNumber = Type.String({ pattern: '^\\+?[0-9 -]{6,20}$' })
const password = Type.String({ minLength: 8, maxLength: 128 })
/** POST /api/auth/phone-number/send-otp -> 204. A number without a country code is one of mainland China. */
export const SendCodeInput = exact({
  phoneNumber,
  locale: Type.Optional(Type.Union([Type.Literal('zh'), Type.Literal('en')])),
})
/** POST /api/auth/phone-number/verify -> Me. Signs up who is new. */
export const VerifyCodeInput = exact({
  phoneNumber,
  code: Type.String({ pattern: '^[0-9]{6}$' }),
  locale: Type.Optional(Type.Union([Type.Literal('zh'), Type.Literal('en')])),
})
/** POST /api/auth/sign-up/email -> Me */
export const SignUpInput = exact({
  name: text(40, 1),
  email: text(254, 3),
  password,
  locale: Type.Optional(Type.Union([Type.Literal('zh'), Type.Literal('en')])),
})
/** POST /api/auth/sign-in/email -> Me */
export const SignInInput = exact({ email: text(254, 3), password: text(128, 1) })
/** GET /api/auth/get-session: like GET /api/me, but a stranger is an answer and not an error. POST /api/auth/sign-out -> 204. */
export const SessionView = Type.Object({ me: nullable(Me) })

const addressFields = {
  name: text(40, 1),
  phone: Type.String({ pattern: '^\\+?[0-9 -]{6,20}$' }),
  /** County-level division. */
  regionCode: DivisionCode,
  detail: text(200, 1),
  isDefault: Type.Boolean(),
}
/** POST /api/me/addresses, PUT /api/me/addresses/{id} */
export const AddressInput = exact(addressFields)
export type AddressInput = Static<typeof AddressInput>
/** GET /api/me/addresses -> Address[] (the default first). regionName is "云南省 普洱市 景东彝族自治县". */
export const Address = Type.Object({ id: Id, regionName: Type.String(), ...addressFields })
export type Address = Static<typeof Address>

/** GET /api/demo/codes (only in the demo): the codes that a real sender would have sent. */
export const DemoCodes = Type.Object({
  codes: Type.Array(Type.Object({ phone: Type.String(), code: Type.String(), sentAt: Instant })),
})

/** GET /api/demo/logins (only in the demo): one login for each role. */
export const DemoLogins = Type.Object({
  logins: Type.Array(
    Type.Object({
      role: Type.String(),
      name: Type.String(),
      email: Type.String(),
      phone: Type.String(),
      password: Type.String(),
    }),
  ),
})

/** POST /api/grants (operator) */
export const GrantInput = exact({
  userId: Id,
  role: Type.Unsafe<Role>(Role),
  countyCode: Type.Optional(DivisionCode),
  shopId: Type.Optional(Id),
  validFrom: Type.Optional(Instant),
  validUntil: Type.Optional(Instant),
})
/** GET /api/grants?userId= (operator) */
export const GrantRow = Type.Intersect([
  Grant,
  Type.Object({ userId: Id, userName: Type.String(), grantedBy: nullable(Id), revokedAt: nullable(Instant) }),
])

/** GET /api/users?phone= or ?email= (operator): whom a grant would go to. Phone and email are masked. */
export const UserFound = Type.Object({
  userId: Id,
  name: Type.String(),
  phone: nullable(Type.String()),
  email: nullable(Type.String()),
})
