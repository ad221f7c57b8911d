/* SPDX-License-Identifier: Apache-2.0 */
#include "capture.hpp"

namespace cudasim::driver {

void Capture::add(OperationPointer operation, Frontier &frontier)
{
    operations_.push_back(std::move(operation));
    dependencies_.push_back(std::move(frontier));
    frontier = {operations_.size() - 1};
}

bool Capture::all_lead_to(const Frontier &frontier) const
{
    std::vector<bool> leads(operations_.size());
    for (size_t node : frontier) {
        leads[node] = true;
    }
    for (size_t node = operations_.size(); node-- > 0;) {
        if (!leads[node]) {
            return false; /* every later node has been seen already */
        }
        for (size_t dependency : dependencies_[node]) {
            leads[dependency] = true;
        }
    }
    return true;
}

Graph::Graph(std::shared_ptr<const Sequence> its_body) : body(std::move(its_body))
{
    for (size_t i = 0; i < body->size(); i++) {
        nodes.push_back(new_handle<abi::NodeHandle>());
    }
}

abi::GraphUpdateInfo Executable::update(const Graph &graph)
{
    Sequence::Difference difference = body->difference(*graph.body);
    if (difference.kind == abi::GraphUpdate::success) {
        body = graph.body;
    }
    auto node = [&](const std::optional<size_t> &number) { return number ? graph.nodes[*number] : nullptr; };
    return {difference.kind, node(difference.node), node(difference.from)};
}

} // namespace cudasim::driver
