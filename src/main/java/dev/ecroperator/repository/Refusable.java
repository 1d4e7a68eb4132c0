package dev.ecroperator.repository;

/**
 * What ECR may refuse as invalid, and is then not sent again before something changes: a change, or
 * a creation, which is told by the settings that it asks for.
 */
sealed interface Refusable permits RepositoryChange, RepositorySettings {}
