import { type Static, type TProperties, Type } from 'typebox'

const exact = <T extends TProperties>(properties: T, description: string) =>
  Type.Object(properties, { additionalProperties: false, description })
const grams = (description: string) => Type.Integer({ minimum: 0, description: `${description} In grams.` })
const fen = (description: string) => Type.Integer({ minimum: 0, description: `${description} In fen.` })
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description })

/**
 * Conditions between one alert and one merchant, in the order in which they are looked at: the first that does not hold
 * is the one that is named.
 */
export const FIT_CONDITIONS = [
  'refused',
  'produce',
  'grade',
  'region',
  'reach',
  'cold',
  'floor',
  'window',
  'life',
  'capacity',
  'lot_minimum',
] as const
/** Why a merchant who would fit got nothing, or nothing more. */
export const CHOICE_REASONS = ['merchants_max', 'full', 'cost'] as const
/** Conditions on quantities, which frozen flows can break as well. */
export const QUANTITY_CONDITIONS = [
  'supply',
  'capacity',
  'cap_total',
  'fair_share',
  'merchants_max',
  'lot_minimum',
  'day',
] as const

export type FitCondition = (typeof FIT_CONDITIONS)[number]
export type ChoiceReason = (typeof CHOICE_REASONS)[number]
export type QuantityCondition = (typeof QUANTITY_CONDITIONS)[number]
export type Condition = FitCondition | QuantityCondition

const oneOf = <T extends string>(values: readonly T[], description: string) =>
  Type.Unsafe<T>(
    Type.Union(
      [...new Set(values)].map((value) => Type.Literal(value)),
      { description },
    ),
  )
const Why = oneOf<FitCondition | ChoiceReason>(
  [...FIT_CONDITIONS, ...CHOICE_REASONS],
  'The condition that excluded the merchant; merchants_max, full (capacity went elsewhere) and cost are of those who would fit.',
)

export const Cost = exact(
  {
    freightFen: fen('Freight.'),
    qualityFen: fen('Loss of quality by the share of life used up, and by waiting.'),
    riskFen: fen('What the merchant lacks in reliability.'),
    totalFen: fen('Sum of the three.'),
  },
  'Cost of a flow with its parts.',
)
export type Cost = Static<typeof Cost>

export const Flow = exact(
  {
    alertId: Type.String(),
    merchantId: Type.String(),
    day: Type.Integer({ description: 'Day of the pick-up, from startDay.' }),
    grams: Type.Integer({ minimum: 1 }),
    priceFenPerKg: orNull(Type.Integer({ minimum: 0 }), 'What the merchant offers for this produce.'),
    marketDay: Type.Integer({ description: 'Day on which it is at the market.' }),
    cost: Cost,
    frozen: Type.Boolean({ description: 'Agreed before; not a proposal.' }),
  },
  'One lot: so much from this alert to this merchant, fetched on this day.',
)
export type Flow = Static<typeof Flow>

export const Unsold = exact(
  {
    alertId: Type.String(),
    grams: Type.Integer({ minimum: 1 }),
    costFen: fen('Cost of unsold, the aid weight included.'),
    reasons: Type.Array(
      exact({ condition: Why, merchants: Type.Integer({ minimum: 1 }) }, 'How many merchants this kept out.'),
      { description: 'What kept the merchants from the rest of this alert, most frequent first.' },
    ),
  },
  'What found no merchant, and why.',
)
export type Unsold = Static<typeof Unsold>

export const Proposal = exact(
  {
    merchantId: Type.String(),
    grams: Type.Integer({ minimum: 1 }),
    km: Type.Integer({ minimum: 0, description: 'Road kilometres.' }),
    lifeLeftDays: Type.Integer({ description: 'Days of life left when it reaches the market, by the last lot.' }),
    costFenPerTonne: Type.Integer({ minimum: 0, description: 'Cost of a tonne on the way chosen.' }),
    nextBest: orNull(
      exact(
        {
          merchantId: Type.String(),
          extraFenPerTonne: Type.Integer({
            description: 'What a tonne would cost more there; negative if cheaper but full.',
          }),
          full: Type.Boolean({ description: 'Has no capacity left in this plan.' }),
        },
        'The cheapest other merchant who fits and is not in the plan for this alert.',
      ),
      'Null when nobody else fits.',
    ),
  },
  'Why this merchant.',
)
export type Proposal = Static<typeof Proposal>

export const Explanation = exact(
  {
    alertId: Type.String(),
    fitting: Type.Integer({ minimum: 0, description: 'Merchants who meet every condition.' }),
    proposals: Type.Array(Proposal),
    excluded: Type.Array(
      exact({ merchantId: Type.String(), km: Type.Integer({ minimum: 0 }), condition: Why }, 'One merchant.'),
      {
        description:
          'The nearest merchants who deal in the produce and are not in the plan for this alert, nearest first, and what excluded each.',
      },
    ),
  },
  'How the choice for one alert came about.',
)
export type Explanation = Static<typeof Explanation>

export const Clash = exact(
  {
    condition: oneOf<Condition>([...FIT_CONDITIONS, ...QUANTITY_CONDITIONS], 'The condition that does not hold.'),
    alertId: orNull(Type.String(), 'The alert, where it is about one.'),
    merchantId: orNull(Type.String(), 'The merchant, where it is about one.'),
    day: orNull(Type.Integer(), 'The day, where it is about one.'),
    wanted: orNull(Type.Integer(), 'What the frozen flows ask for.'),
    allowed: orNull(Type.Integer(), 'What the condition allows.'),
    text: Type.String({ description: 'The same in words.' }),
  },
  'A condition that the frozen flows contradict.',
)
export type Clash = Static<typeof Clash>

const fenPerTonne = Type.Integer({ minimum: 0, description: 'What one more tonne would save, in fen.' })
const ShadowPrices = exact(
  {
    capacity: Type.Array(exact({ merchantId: Type.String(), day: Type.Integer(), fenPerTonne }, 'Capacity of a day.')),
    total: Type.Array(exact({ merchantId: Type.String(), fenPerTonne }, 'Total cap or fair share of a merchant.')),
    slots: Type.Array(
      exact(
        {
          alertId: Type.String(),
          fen: Type.Integer({ minimum: 0, description: 'What one more merchant would save.' }),
        },
        'Merchants among whom an alert may be divided.',
      ),
    ),
  },
  'Where more room would save most, by the relaxation; what is worth nothing is left out. The bound can be checked with them.',
)

export const PLAN_STATUSES = ['optimal', 'within_gap', 'searched', 'time_limit', 'infeasible'] as const
export type PlanStatus = (typeof PLAN_STATUSES)[number]

export const Plan = Type.Object(
  {
    version: Type.Literal(1),
    startDay: Type.String(),
    days: Type.Integer(),
    status: oneOf<PlanStatus>(
      PLAN_STATUSES,
      'optimal: proved to a ten-thousandth; within_gap: the wanted gap was reached; searched: the search came to its end; time_limit: the best found in the time; infeasible: frozen flows contradict conditions (see clashes), the rest is planned round them.',
    ),
    objectiveFen: fen('Cost of all flows and of the unsold: what was made as small as possible.'),
    boundFen: fen('No plan at all can cost less than this.'),
    gap: Type.Number({ minimum: 0, description: '(objective - bound) / bound.' }),
    costs: exact(
      {
        freightFen: fen('Freight.'),
        qualityFen: fen('Quality and waiting.'),
        riskFen: fen('Reliability lacking.'),
        unsoldFen: fen('Unsold.'),
      },
      'The objective in its parts.',
    ),
    grams: exact({ supply: grams('All alerts.'), sold: grams('In flows.'), unsold: grams('Not in flows.') }, 'Totals.'),
    flows: Type.Array(Flow),
    unsold: Type.Array(Unsold),
    explanations: Type.Array(Explanation),
    clashes: Type.Array(Clash),
    prices: ShadowPrices,
    seconds: Type.Number({ minimum: 0, description: 'Time it took; the only field that differs between two runs.' }),
  },
  { additionalProperties: false, title: 'Chunbo matching plan', description: 'Who gets what, when and why.' },
)
export type Plan = Static<typeof Plan>
