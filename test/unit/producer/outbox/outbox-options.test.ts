import { type OutboxOptions, checkedOutbox } from '../../../../lib/producer/outbox/outbox-options'

const wrong =
  (options: object): (() => unknown) =>
  () =>
    checkedOutbox(options as OutboxOptions)

describe('options of an outbox', () => {
  it('are none where none are given, and have defaults', () => {
    expect(checkedOutbox(undefined)).toBeUndefined()
    expect(checkedOutbox({ directory: 'd' })).toEqual({
      directory: 'd',
      afterMs: 1000,
      maxBytes: 268_435_456,
      maxMessages: 1_000_000,
      segmentBytes: 16_777_216,
      fsync: 'always',
      fsyncIntervalMs: 1000,
      replayPerSecond: 1000,
      maxRefusals: 10,
      noRouteMs: 3_600_000,
    })
  })

  it.each([
    [{}, /directory/],
    [{ directory: '' }, /directory/],
    [{ directory: 'd', fsync: 'often' }, /outbox\.fsync is often/],
    [{ directory: 'd', afterMs: -1 }, /outbox\.afterMs is -1/],
    [{ directory: 'd', maxBytes: 1 }, /outbox\.maxBytes/],
    [{ directory: 'd', replayPerSecond: 0 }, /outbox\.replayPerSecond/],
    [{ directory: 'd', folder: 'x' }, /there is no folder/],
  ])('are refused where they are wrong: %j', (options, says) => {
    expect(wrong(options)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    expect(wrong(options)).toThrow(says)
  })
})
