"""Editions: the lessons as files that open anywhere, for students, teachers, paper, a projector and JupyterLab.

blocks turns cells into HTML; pages, worksheets, office and slides make editions; site makes what holds them
together; build writes them all. hour tells which parts are Deeper: folded away, and on no slide. The cells' tags decide
what stands where:

    teacher    only in the teacher's edition, and in the notes to the slides
    answer     the model answer to a prompt: there, and on the key of a worksheet
    if-time    not on the short path, which pages and notes mark
    exercise   a task and its empty cell
    solution   its answer: a click away on the page, on the key of a worksheet, and not in a student's notebook
    slide      on the slides; what follows it up to the next one goes into the notes
    worksheet  on the worksheet as well (see worksheets, which has more tags)
    paper      on the worksheet alone
    picture    the picture of its lesson in the index
"""
