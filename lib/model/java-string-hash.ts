/** The 32-bit hash that Java gives a string (over UTF-16 units): tags code, queue selection and message keys rest on it. */
export function javaHashCode(text: string): number {
  let hash = 0
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0
  return hash
}
