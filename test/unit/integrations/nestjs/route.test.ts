import { routeKey, routeOf, subscriptionsOf } from '../../../../lib/integrations/nestjs/route'

describe('patterns of Nest', () => {
  it.each([
    ['Orders', { topic: 'Orders', tag: undefined }],
    ['Orders:paid', { topic: 'Orders', tag: 'paid' }],
    ['Orders:a:b', { topic: 'Orders', tag: 'a:b' }],
    [{ topic: 'Orders' }, { topic: 'Orders', tag: undefined }],
    [
      { topic: 'Orders', tag: 'paid' },
      { topic: 'Orders', tag: 'paid' },
    ],
  ])('%j is a topic, with a tag or without', (pattern, route) => {
    expect(routeOf(pattern)).toEqual(route)
    expect(routeOf(routeKey(route))).toEqual(route)
  })

  it.each([['', ':paid', 'Orders:', 7, null, undefined, {}, { topic: 'Orders', tag: '' }, { topic: 7 }]].flat())(
    '%j is none',
    pattern => {
      expect(() => routeOf(pattern)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    },
  )

  it('of one topic make one subscription, to all where one wants all', () => {
    const routes = ['A:x', 'A:y', 'B:x', 'B', 'B:z', 'C'].map(routeOf)
    expect([...subscriptionsOf(routes)]).toEqual([
      ['A', 'x || y'],
      ['B', '*'],
      ['C', '*'],
    ])
  })
})
