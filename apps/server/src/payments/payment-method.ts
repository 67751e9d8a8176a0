import type { Config } from '../platform/config.ts'

/** A way to pay. Each has an adapter behind this port; the sandbox moves no money and always succeeds. */
export interface PaymentMethod {
  readonly id: 'sandbox'
  readonly nameZh: string
  readonly nameEn: string
  /** True when no money moves. */
  readonly sandbox: boolean
}

const sandbox: PaymentMethod = {
  id: 'sandbox',
  nameZh: '演示支付（不扣款）',
  nameEn: 'Demonstration payment (no money moves)',
  sandbox: true,
}

/** The methods that are on. The sandbox needs the demonstration, which is off in production unless DEMO=1 asks for it. */
export function paymentMethods(config: Pick<Config, 'demo'>): readonly PaymentMethod[] {
  return config.demo ? [sandbox] : []
}
