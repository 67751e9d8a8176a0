import { type Static, Type } from 'typebox'

/** RFC 9457 problem details as Chunbo sends them: every problem has a code and a text in both languages. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String(),
  texts: Type.Object({ zh: Type.String(), en: Type.String() }),
  /** Facts of this case, such as the new price or the stock left. */
  params: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  /** Fields that were refused, as JSON pointers, when the input did not fit its schema. */
  fields: Type.Optional(Type.Array(Type.Object({ path: Type.String(), message: Type.String() }))),
  requestId: Type.String(),
})
export type Problem = Static<typeof Problem>
