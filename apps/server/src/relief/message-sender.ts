/** Brings a text message to a phone. Adapters for SMS services implement it; it throws when the message did not go out. */
export interface MessageSender {
  /** @param phone E.164 */
  send(phone: string, body: string): Promise<void>
}

/** The demonstration's sender: what was sent is read on a page that says what it is, so nothing has to go anywhere. */
export const demoMessageSender: MessageSender = { send: async () => {} }
