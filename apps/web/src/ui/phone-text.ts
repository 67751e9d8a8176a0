/** A phone number as people read it: a Chinese mobile number as "199 0000 0009", any other as it is. */
export function phoneText(phone: string): string {
  const mobile = /^(?:\+?86)?(1\d{2})(\d{4})(\d{4})$/.exec(phone.replace(/[ -]/g, ''))
  return mobile === null ? phone : mobile.slice(1).join(' ')
}
