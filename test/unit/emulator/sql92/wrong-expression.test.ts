import { wrongExpression } from '../../../../lib/emulator/sql92/wrong-expression'

describe('wrongExpression', () => {
  it('is an error of its own code that says what is wrong', () => {
    expect(wrongExpression('it ends too early')).toMatchObject({
      code: 'INVALID_EXPRESSION',
      retriable: false,
      message: 'it ends too early',
    })
  })
})
