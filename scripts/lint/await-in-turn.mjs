// Lint rule: no promise that may reject waits for another one to be awaited. When it rejects meanwhile nobody handles
// it, which ends a process and fails a test, however it is handled later.
const IN_TURN = 'make each promise when it is its turn, or await all at once: Promise.all, Promise.allSettled'
const messages = {
  loop: `These promises are awaited one after another, so a later one may reject unhandled: ${IN_TURN}.`,
  late: `'{{name}}' may reject during the await before its first use, unhandled: begin its expectation first, and await that.`,
}

/** What takes a rejection as an outcome; a promise that is only awaited fails its test anyway when it rejects. */
const TAKES_REJECTIONS = new Set(['rejects', 'catch', 'allSettled'])
const FUNCTIONS = new Set(['FunctionDeclaration', 'FunctionExpression', 'ArrowFunctionExpression'])

export const awaitInTurn = {
  meta: { type: 'problem', schema: [], messages },
  create(context) {
    const { esTreeNodeToTSNodeMap: nodes, program } = context.sourceCode.parserServices
    const checker = program.getTypeChecker()
    const typeOf = node => checker.getTypeAtLocation(nodes.get(node))
    const awaits = []
    const kept = []
    return {
      'AwaitExpression, ForOfStatement[await=true]': node => awaits.push(node),
      ForOfStatement(node) {
        if (isThenable(elementOf(typeOf(node.right), checker))) kept.push({ loop: node })
      },
      VariableDeclarator(node) {
        for (const variable of context.sourceCode.getDeclaredVariables(node)) kept.push({ variable, node })
      },
      'Program:exit'() {
        for (const { loop, variable, node } of kept) {
          if (loop !== undefined) {
            if (loop.await || awaits.some(each => isInside(each, loop.body))) {
              context.report({ node: loop.right, messageId: 'loop' })
            }
          } else if (waitsForAnother(variable, node, awaits) && isThenable(typeOf(variable.identifiers[0]))) {
            context.report({ node, messageId: 'late', data: { name: variable.name } })
          }
        }
      },
    }
  },
}

/** Whether there is an await between the declaration and the first use of what may reject. */
function waitsForAnother(variable, declarator, awaits) {
  const uses = variable.references.filter(({ init }) => init !== true).map(({ identifier }) => identifier)
  const [first] = uses.toSorted((one, other) => one.range[0] - other.range[0])
  if (first === undefined || !uses.some(takesRejections)) return false
  const home = functionOf(declarator)
  return awaits.some(
    each => each.range[0] > declarator.range[1] && each.range[1] < first.range[0] && functionOf(each) === home,
  )
}

function takesRejections(use) {
  for (let node = use.parent; node && !node.type.endsWith('Statement'); node = node.parent) {
    if (FUNCTIONS.has(node.type)) return false
    if (node.type === 'MemberExpression' && TAKES_REJECTIONS.has(node.property.name)) return true
    if (node.type === 'CallExpression' && TAKES_REJECTIONS.has(node.callee.property?.name)) return true
  }
  return false
}

function functionOf(node) {
  let each = node.parent
  while (each && !FUNCTIONS.has(each.type)) each = each.parent
  return each
}

function isInside(node, outer) {
  return node.range[0] >= outer.range[0] && node.range[1] <= outer.range[1]
}

/** What an array holds; of an async iterable nothing, for it makes its promises one by one. */
function elementOf(type, checker) {
  return checker.getIndexTypeOfType(checker.getApparentType(type), 1)
}

function isThenable(type) {
  const parts = type === undefined ? [] : type.isUnion() ? type.types : [type]
  return parts.some(part => (part.getProperty('then')?.flags ?? 0) !== 0)
}
