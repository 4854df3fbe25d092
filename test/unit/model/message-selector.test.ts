import { MessageSelector, type SubscriptionExpression, typedExpressionOf } from '../../../lib/model/message-selector'

describe('MessageSelector', () => {
  it('has Java’s two makers', () => {
    expect({ ...MessageSelector.byTag('a || b') }).toEqual({ expressionType: 'TAG', expression: 'a || b' })
    expect({ ...MessageSelector.byTag() }).toEqual({ expressionType: 'TAG', expression: '*' })
    expect({ ...MessageSelector.bySql('a > 1') }).toEqual({ expressionType: 'SQL92', expression: 'a > 1' })
  })
})

describe('typedExpressionOf', () => {
  it.each<[SubscriptionExpression | undefined, object]>([
    [undefined, { type: 'TAG', expression: undefined }],
    ['a || b', { type: 'TAG', expression: 'a || b' }],
    ['', { type: 'TAG', expression: '' }],
    [{ sql92: 'a > 1' }, { type: 'SQL92', expression: 'a > 1' }],
    [MessageSelector.byTag('a'), { type: 'TAG', expression: 'a' }],
    [MessageSelector.bySql('a > 1'), { type: 'SQL92', expression: 'a > 1' }],
  ])('takes %p', (given, expected) => {
    expect(typedExpressionOf('T', given)).toEqual(expected)
  })

  it('takes the selector of another copy of this package', () => {
    const foreign = JSON.parse(JSON.stringify(MessageSelector.bySql('a > 1'))) as MessageSelector
    expect(typedExpressionOf('T', foreign)).toEqual({ type: 'SQL92', expression: 'a > 1' })
  })

  it.each([
    5,
    null,
    {},
    ['x'],
    { sql92: 5 },
    { sql92: undefined },
    { expressionType: 'XML', expression: 'a' },
    { expressionType: 'TAG' },
    MessageSelector.bySql(undefined as never),
    MessageSelector.byTag(5 as never),
  ])('refuses %p, and says what it takes', given => {
    expect(() => typedExpressionOf('T', given as never)).toThrow(
      expect.objectContaining({
        code: 'INVALID_EXPRESSION',
        topic: 'T',
        message: expect.stringContaining('topic T must be text of tags') as string,
      }),
    )
  })

  it.each(['', ' \n\t'])('refuses an empty condition: %j', sql92 => {
    expect(() => typedExpressionOf('T', { sql92 })).toThrow('the SQL92 expression for topic T is empty')
  })
})
