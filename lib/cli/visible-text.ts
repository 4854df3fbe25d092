const MAX_LENGTH = 2000

/** Text of a message for a terminal: control characters are written out, so that no message can steer the terminal. */
export function visibleText(text: string): string {
  const short = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}… (${text.length} characters)` : text
  return short.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, escape)
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}
