import { Dictionary } from '../../../lib/wire/dictionary'

describe('Dictionary', () => {
  it('has no names of its own, and takes hostile ones for names like others', () => {
    const object = new Dictionary<string>()
    for (const name of ['__proto__', 'constructor', 'toString', 'valueOf']) {
      expect(object[name]).toBeUndefined()
      expect(name in object).toBe(false)
      object[name] = name
      expect(object[name]).toBe(name)
    }
    expect(Object.keys(object)).toEqual(['__proto__', 'constructor', 'toString', 'valueOf'])
    expect(new Dictionary<string>()['__proto__']).toBeUndefined()
  })
})
