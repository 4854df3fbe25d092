import { isProduction } from '../../../lib/runtime/environment'

describe('isProduction', () => {
  const before = process.env['NODE_ENV']
  afterEach(() => {
    process.env['NODE_ENV'] = before
  })

  it.each([
    ['production', true],
    ['test', false],
    ['', false],
  ])('of NODE_ENV=%s is %p', (value, expected) => {
    process.env['NODE_ENV'] = value
    expect(isProduction()).toBe(expected)
  })
})
