import { OrderChecker } from './order-checker'

function handled(checker: OrderChecker, lane: string, indices: number[], tenure?: unknown): void {
  for (const index of indices) {
    checker.begin(lane, index, tenure)
    checker.end(lane)
  }
}

describe('an order checker', () => {
  it('has nothing to say where each lane goes on one by one', () => {
    const checker = new OrderChecker()
    handled(checker, 'a', [0, 1, 2])
    handled(checker, 'b', [0, 1])
    handled(checker, 'a', [3])
    expect(checker.faults).toEqual([])
  })

  it('tells of what was passed over', () => {
    const checker = new OrderChecker()
    handled(checker, 'a', [0, 2])
    expect(checker.faults).toEqual(['a: 2 came after 0, of 0'])
  })

  it('tells of a lane that does not begin at its beginning', () => {
    const checker = new OrderChecker()
    handled(checker, 'a', [1])
    expect(checker.faults).toEqual(['a: 1 came after nothing, of -1'])
  })

  it('tells of a step back, unless somebody else has the lane now', () => {
    const checker = new OrderChecker()
    handled(checker, 'a', [0, 1, 2], 'first')
    handled(checker, 'a', [1, 2, 3], 'second')
    expect(checker.faults).toEqual([])
    handled(checker, 'a', [2], 'second')
    expect(checker.faults).toEqual(['a: 2 came after 3, of 3'])
  })

  it('tells of a new owner that passes something over', () => {
    const checker = new OrderChecker()
    handled(checker, 'a', [0], 'first')
    handled(checker, 'a', [2], 'second')
    expect(checker.faults).toEqual(['a: 2 came after 0, of 0'])
  })

  it('tells of two calls at a time, but not where the first one is gone', () => {
    const checker = new OrderChecker()
    checker.begin('a', 0)
    checker.begin('a', 1)
    expect(checker.faults).toEqual(['a: 1 begins while another is handled'])
    checker.end('a')
    checker.begin('a', 2)
    expect(checker.faults).toHaveLength(1)
  })
})
