import fc from '../../../support/property'
import { AgeOrderedMap } from '../../../../lib/consumer/idempotent/age-ordered-map'

const keysOf = (map: AgeOrderedMap<number>): string[] => Array.from(map.fromEldest(), ([key]) => key)

describe('a map by age', () => {
  it('gives entries from the eldest on; what is set anew is the youngest', () => {
    const map = new AgeOrderedMap<number>()
    for (const key of ['a', 'b', 'c', 'a']) map.set(key, 1)
    expect(keysOf(map)).toEqual(['b', 'c', 'a'])
  })

  it('removes from the eldest on, while entries may go, and so many at most', () => {
    const map = new AgeOrderedMap<number>()
    ;[1, 2, 3, 1].forEach((value, index) => map.set(`k${index}`, value))
    expect(map.removeEldest(value => value < 3, 1)).toBe(1)
    expect(map.removeEldest(value => value < 3, 5)).toBe(1)
    expect(keysOf(map)).toEqual(['k2', 'k3'])
    expect(map.removeEldest(() => true, 5)).toBe(2)
    expect(map.removeEldest(() => true, 5)).toBe(0)
    expect(map.size).toBe(0)
  })

  it('takes the deletion of the entry that it has just given', () => {
    const map = new AgeOrderedMap<number>()
    for (const key of ['a', 'b', 'c']) map.set(key, 1)
    const seen: string[] = []
    for (const [key] of map.fromEldest()) {
      seen.push(key)
      map.delete(key)
    }
    expect(seen).toEqual(['a', 'b', 'c'])
    expect(map.size).toBe(0)
  })

  it('is like a Map from which keys are deleted before they are set', () => {
    const step = fc.record({
      call: fc.constantFrom('set', 'set', 'delete', 'remove'),
      key: fc.constantFrom('a', 'b', 'c', 'd'),
    })
    const property = fc.property(fc.array(step, { maxLength: 40 }), steps => {
      const [map, model] = [new AgeOrderedMap<number>(), new Map<string, number>()]
      steps.forEach(({ call, key }, index) => {
        if (call === 'set') {
          map.set(key, index)
          model.delete(key)
          model.set(key, index)
        } else if (call === 'delete') expect(map.delete(key)).toBe(model.delete(key))
        else {
          const [eldest] = model.keys()
          if (eldest !== undefined) model.delete(eldest)
          map.removeEldest(() => true, 1)
        }
        expect(Array.from(map.fromEldest())).toEqual([...model])
        expect(map.get(key)).toBe(model.get(key))
        expect(map.size).toBe(model.size)
      })
    })
    fc.assert(property)
  })
})
