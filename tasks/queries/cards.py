def count_due(member, today):
    return 0
