import type { RocketMQError } from '../../../lib/errors'
import { Watchdog } from '../../../lib/runtime/watchdog'

function setup({ restarts = true } = {}) {
  const watchdog = new Watchdog()
  const state = { idleMs: 0, restarted: 0 }
  const errors: RocketMQError[] = []
  const restart = { restart: () => void state.restarted++ }
  const remove = watchdog.add({
    name: 'the loop of T',
    boundMs: 100,
    details: { topic: 'T' },
    idleMs: () => state.idleMs,
    doing: () => 'waits for rain',
    onStalled: error => errors.push(error),
    ...(restarts ? restart : {}),
  })
  const look = (idleMs: number): [number, number] => {
    state.idleMs = idleMs
    watchdog.look()
    return [errors.length, state.restarted]
  }
  return { watchdog, errors, look, remove }
}

describe('a watchdog', () => {
  it('lets be what makes progress within its bound', () => {
    const { look } = setup()
    for (const idleMs of [0, 100, 100, 99, 100]) expect(look(idleMs)).toEqual([0, 0])
  })

  it('tells at the second look of what makes none, with what it waits for, and begins it anew', () => {
    const { look, errors } = setup()
    expect(look(101)).toEqual([0, 0])
    expect(look(121.4)).toEqual([1, 1])
    expect(errors[0]).toMatchObject({
      code: 'LOOP_STALLED',
      topic: 'T',
      message: 'the loop of T has made no progress for 121 ms, it waits for rain: it is begun anew',
    })
  })

  it('forgives one look, as after a stop of the whole process', () => {
    const { look } = setup()
    for (const idleMs of [900, 0, 900, 50, 900]) expect(look(idleMs)).toEqual([0, 0])
  })

  it('begins anew what stands still again', () => {
    const { look } = setup()
    for (const idleMs of [101, 102, 5, 101]) look(idleMs)
    expect(look(102)).toEqual([2, 2])
  })

  it('tells once of what cannot be begun anew, until it has made progress', () => {
    const { look, errors } = setup({ restarts: false })
    for (const idleMs of [101, 102, 103, 104]) look(idleMs)
    expect(errors).toHaveLength(1)
    expect(errors[0]?.message).toMatch(/nothing can be done/)
    for (const idleMs of [3, 101, 102]) look(idleMs)
    expect(errors).toHaveLength(2)
  })

  it('looks no more at what was taken out', () => {
    const { look, remove } = setup()
    look(101)
    remove()
    expect(look(102)).toEqual([0, 0])
  })
})
