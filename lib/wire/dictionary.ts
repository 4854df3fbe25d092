/**
 * An object for names from the wire: there is no `Object.prototype` behind it, so that `__proto__` and `constructor` are names
 * like others. Faster to fill and to read than what `Object.create(null)` gives.
 */
export const Dictionary = function () {} as unknown as new <T>() => Record<string, T>
Dictionary.prototype = Object.freeze(Object.create(null))
