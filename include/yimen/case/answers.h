// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

/// What is told of a paper and of a printed receipt, from the screen to the store, the paper itself
/// and the district's page. The numbers are kept on disk and on the wire: a new one goes to the
/// end.

/// How the question for one paper was answered.
enum paper_answer {
    PAPER_ANSWER_NONE,
    PAPER_ANSWER_SCAN,
    PAPER_ANSWER_LATER,
    PAPER_ANSWER_CLERK,
    PAPER_ANSWER_DISTRICT,
    PAPER_ANSWER_CANNOT
};

/// Where a print job is. Accepted by the print system is not printed.
enum print_state {
    PRINT_COMPOSED,
    PRINT_ACCEPTED,
    PRINT_PRINTED,
    PRINT_FAILED,
    PRINT_UNKNOWN,
    PRINT_WAITING_FOR_OWNER,
    PRINT_CANCELLED
};
