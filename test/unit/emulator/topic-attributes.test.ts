import { changedAttributes } from '../../../lib/emulator/topic-attributes'

function remarkOf(current: Record<string, string> | undefined, change: string): unknown {
  try {
    changedAttributes(current && new Map(Object.entries(current)), change)
  } catch (error) {
    return (error as { remark: string }).remark
  }
  return undefined
}

describe('changedAttributes', () => {
  it('sets and deletes', () => {
    expect(changedAttributes(undefined, '+message.type=DELAY,+cleanup.policy=DELETE')).toEqual(
      new Map([
        ['message.type', 'DELAY'],
        ['cleanup.policy', 'DELETE'],
      ]),
    )
    const current = new Map([['message.type', 'DELAY']])
    expect(changedAttributes(current, '+message.type=FIFO')).toEqual(new Map([['message.type', 'FIFO']]))
    expect(changedAttributes(current, '-message.type')).toEqual(new Map())
    expect(current.get('message.type')).toBe('DELAY')
  })

  it('leaves attributes as they are without a change', () => {
    const current = new Map([['message.type', 'DELAY']])
    expect(changedAttributes(current, undefined)).toEqual(current)
    expect(changedAttributes(current, '')).toEqual(current)
  })

  it.each([
    [undefined, 'message.type=DELAY', 'add/alter attribute format is wrong: message.type'],
    [undefined, '+message.type', 'delete attribute format is wrong: +message.type'],
    [undefined, '-message.type', 'only add attribute is supported while creating topic. key: message.type'],
    [undefined, '+color=red', 'unsupported key: color'],
    [undefined, '+cleanup.policy=COMPACTION', 'value is not in set: [DELETE]'],
    [undefined, '+message.type=MIXED', 'MIXED message type is not supported.'],
    [undefined, '+lite.topic.expiration=x', 'value is not in range(-1, 43200)'],
    [undefined, '+lite.topic.expiration=43201', 'value is not in range(-1, 43200)'],
    [{}, '-message.type', 'attempt to delete a nonexistent key: message.type'],
    [
      { 'queue.type': 'SimpleCQ' },
      '+queue.type=SimpleCQ',
      'attempt to update an unchangeable attribute. key: queue.type',
    ],
    [{ 'queue.type': 'SimpleCQ' }, '-queue.type', 'attempt to update an unchangeable attribute. key: queue.type'],
  ])('of %j refuses %s', (current, change, remark) => {
    expect(remarkOf(current, change)).toBe(remark)
  })
})
