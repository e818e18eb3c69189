"""The names that papers and tools give one coefficient; what is in no list here is not known."""

from __future__ import annotations

#: Each coefficient and its other names, in plain spelling (see case_names.plain); indented lines go on.
SYNONYMS = """\
percent_agreement: percent percentage_agreement observed_agreement raw_agreement agreement simple_agreement
    percentage proportion_of_agreement proportion_agreement avg_ao ao po pa accuracy percent_pairwise
    pairwise_agreement average_observed_agreement a_o p_o percent_agreement_observed
    observed_percent_agreement
mean_pairwise_percent: average_pairwise_percent_agreement mean_pairwise_agreement percent_light
item_agreement: unit_agreement item_specific_agreement percent_agreement_per_item
complete_agreement: full_agreement perfect_agreement exact_agreement unanimous_agreement
cohen_kappa: kappa cohen cohens_kappa kappa_cohen unweighted_kappa kappa2 k_cohen
weighted_kappa: cohen_weighted_kappa cohen_kappa_weighted kappa_w kappa_weighted weighted_cohen_kappa kw
    weighted_cohen
cohen_kappa_max: kappa_max max_kappa maximum_kappa kappa_maximum kappa_m
cohen_kappa_per_category: kappa_per_category category_kappa cohen_kappa_per_label kappa_category
scott_pi: pi scott scotts_pi bias_adjusted_kappa bak kappa_bak intraclass_kappa
multi_pi: multi_rater_pi fleiss_multi_pi siegel_castellan_k siegel_castellan_kappa k_star
multi_kappa: davies_fleiss_kappa davies_and_fleiss_kappa multi_rater_kappa
fleiss_kappa: fleiss fleiss_k fleiss_pi kappa_fleiss fixed_marginal_kappa kappa_fixed
    fleiss_generalized_kappa generalized_kappa generalised_kappa fleiss_kappa_fixed_marginal
    nominal_scale_kappa_many_raters
fleiss_kappa_missing: fleiss_kappa_with_missing fleiss_kappa_with_missing_ratings
fleiss_kappa_per_category: fleiss_kappa_category kappa_j fleiss_kappa_per_label fleiss_category_kappa
krippendorff_alpha: alpha krippendorff krippendorffs_alpha alpha_krippendorff k_alpha kalpha alpha_c c_alpha
    krippendorff_alpha_coding alpha_coefficient krippen_alpha alpha_reliability
alpha_per_label: alpha_per_category krippendorff_alpha_per_category krippendorff_alpha_per_label
    alpha_category krippendorff_alpha_category category_alpha alpha_label
gwet_ac1: ac1 gwet gwet_gamma_1 first_order_agreement_coefficient ac_1 gwet_ac_1
gwet_ac2: ac2 second_order_agreement_coefficient ac_2 gwet_ac_2
brennan_prediger: bp brennan_prediger_kappa kappa_n bennett_s s bennett bennett_alpert_goldstein_s
    randolph_kappa randolph free_marginal_kappa kappa_free randolph_kappa_free kappa_randolph uniform_kappa
    free_marginal_multirater_kappa multirater_kappa_free brennan_prediger_s bp_coeff bennett_sigma
    brennan_and_prediger bennett_alpert_and_goldstein_s bennett_et_al_s
pabak: prevalence_adjusted_bias_adjusted_kappa prevalence_and_bias_adjusted_kappa
    prevalence_bias_adjusted_kappa holley_guilford_g g_index g holley_and_guilford_g maxwell_re re
    maxwell_random_error
conger_kappa: conger hubert_kappa hubert conger_exact_kappa exact_fleiss_kappa fleiss_kappa_exact
light_kappa: light mean_pairwise_kappa mean_pairwise_cohen_kappa average_pairwise_cohen_kappa pairwise_kappa
    avg_pairwise_kappa average_pairwise_kappa mean_pairwise_cohen mean_kappa nltk_kappa
f1_as_limit_of_kappa: kappa_limit_f1 kappa_large_d
f1: f_measure f1_score f dice positive_agreement positive_specific_agreement ppos p_pos specific_agreement
    proportion_of_positive_agreement dice_coefficient f_score
negative_agreement: negative_specific_agreement pneg p_neg proportion_of_negative_agreement
prevalence_index: pi_index prevalence
bias_index: bi bias
bangdiwala_b: bangdiwala b_statistic
alpha_u_2004: alpha_u krippendorff_alpha_u unitized_alpha_2004 alpha_u_1995 unitizing_alpha
    krippendorff_alpha_unitizing krippendorff_unitizing_alpha alpha_unitized
alpha_u_2004_category: alpha_u_category alpha_u_2004_per_category alpha_u_per_category alpha_u_2004_label
alpha_u_2004_do: alpha_u_do alpha_u_2004_observed_disagreement
alpha_u_2004_de: alpha_u_de alpha_u_2004_expected_disagreement
u_alpha: ualpha u_alpha_joint unitized_alpha unitised_alpha u_alpha_2016
bar_u_alpha: bar_u_alpha_binary binary_u_alpha u_alpha_binary baru_alpha bar_ualpha
cu_alpha: cualpha cu_alpha_2016 coding_u_alpha
cu_coverage: cu_alpha_coverage
ku_alpha: k_u_alpha kualpha k_ualpha ku_alpha_per_label
ku_coverage: ku_alpha_coverage k_u_alpha_coverage k_u_coverage
span_f1_exact: span_f1_exact_label span_f1 exact_span_f1 conll_f1 entity_f1 exact_f1 span_f1_strict
span_precision_exact: span_precision conll_precision entity_precision
span_recall_exact: span_recall conll_recall entity_recall
span_f1_unlabelled: span_f1_exact_unlabelled span_f1_unlabeled span_f1_exact_unlabeled unlabelled_span_f1
    unlabeled_span_f1
span_f1_overlap: span_f1_overlap_label span_f1_overlap_labelled span_f1_overlap_iou50 span_f1_iou50
    span_f1_iou0_5 span_f1_overlap_iou0_5 span_f1_overlap_iou_0_5 span_f1_iou_label span_f1_overlap50
    span_f1_iou overlap_f1 span_f1_overlap_iou span_f1_partial iou_f1 span_f1_iou_0_5
    span_f1_overlap_0_5 span_f1_relaxed span_f1_iou_50
span_f1_characters: span_f1_character_level character_f1 char_f1 span_f1_char token_f1 span_f1_tokens
    span_dice span_f1_character span_f1_token_level
span_f1_characters_unlabelled: span_f1_character_level_unlabelled character_f1_unlabelled
gamma: mathet_gamma gamma_agreement gamma_mathet
gamma_cat: gammacat gamma_categorical
gamma_k: gammak gamma_category
gamma_observed_disorder: observed_disorder gamma_disorder best_alignment_disorder disorder
gamma_expected_disorder: expected_disorder
gamma_positional_dissimilarity: positional_dissimilarity gamma_d_pos d_pos positional_sporadic_dissimilarity
    dpos
gamma_cat_observed_disorder: gamma_cat_disorder gamma_k_disorder gamma_k_observed_disorder
gamma_categorical_dissimilarity: categorical_dissimilarity d_cat dcat absolute_categorical_dissimilarity
gamma_dissimilarity: gamma_combined_dissimilarity combined_dissimilarity combined_categorical_dissimilarity
    gamma_d_combi d_combi
boundary_similarity: b segeval_boundary_similarity boundary_similarity_b fournier_b
segmentation_similarity: segeval_segmentation_similarity segmentation_similarity_s
boundary_edit_distance: boundary_edits
segeval_actual_agreement: segeval_actual_agreement_linear actual_agreement_linear
segeval_fleiss_kappa: segeval_fleiss_kappa_linear fleiss_kappa_linear boundary_kappa boundary_fleiss_kappa
segeval_fleiss_pi: segeval_fleiss_pi_linear fleiss_pi_linear
boundary_pi: boundary_fleiss_pi
segeval_bias: segeval_bias_linear artstein_poesio_bias_linear segeval_artstein_poesio_bias_linear
    annotator_bias
window_difference: window_diff windowdiff wd segeval_window_diff window_diff_linear
p_k: pk segeval_pk beeferman_pk
dawid_skene_class_marginal: dawid_skene_prior dawid_skene_class_prior dawid_skene_marginal
    dawid_skene_prevalence dawid_skene_p
dawid_skene_error_rate: dawid_skene_confusion dawid_skene_pi dawid_skene_error
dawid_skene_posterior: dawid_skene_probability dawid_skene_class_probability dawid_skene_patient_class
dawid_skene_accuracy: dawid_skene_competence
vote_share: majority_share soft_label label_share
masi_distance: masi
jaccard_distance: jaccard
passonneau_2004_distance: set_annotation_distance
jaccard_similarity: jaccard_index
jensen_shannon_divergence: jsd jensen_shannon js_divergence jensenshannon_divergence
jensen_shannon_distance: jensenshannon js_distance jensenshannon_distance
kullback_leibler: kl kl_divergence kullback_leibler_divergence relative_entropy d_kl
cross_entropy: soft_cross_entropy crossentropy ce
manhattan_distance: manhattan average_manhattan_distance l1_distance l1 amd
euclidean_distance: euclidean l2_distance average_euclidean_distance
wasserstein_distance: wasserstein earth_mover_distance emd average_wasserstein_distance match_distance awd
normalized_match_distance: nmd normalised_match_distance
entropy: shannon_entropy
normalized_entropy: normalised_entropy soft_label_entropy relative_shannon_entropy evenness
alpha_without: leave_one_out_alpha alpha_leave_one_out krippendorff_alpha_leave_one_out alpha_without_annotator
alpha_without_change: leave_one_out_alpha_change alpha_leave_one_out_change
alpha_per_unit: unit_alpha item_alpha alpha_per_item krippendorff_alpha_per_unit krippendorff_alpha_per_item
alpha_characters: character_alpha alpha_character_level krippendorff_alpha_characters alpha_tokens token_alpha
cohen_kappa_characters: character_kappa kappa_characters cohen_kappa_character_level
link_f1: link_f1_labelled relation_f1 labelled_link_f1 las_f1
link_f1_unlabelled: unlabelled_link_f1 link_f1_unlabeled
link_f1_undirected: undirected_link_f1
relation_kappa: link_kappa relation_cohen_kappa
relation_fleiss_kappa: relation_multi_pi link_fleiss_kappa
relation_alpha: link_alpha relation_krippendorff_alpha
relation_percent: relation_percent_agreement link_percent_agreement
attachment: attachment_agreement labelled_attachment_agreement
attachment_kappa: attachment_cohen_kappa
span_f1_overlap_unlabelled: span_f1_overlap_unlabeled span_f1_iou_unlabelled span_f1_unlabelled_overlap
"""


def _read(table: str) -> dict[str, str]:
    """The coefficient that each other name means. ValueError where one name means two."""
    means: dict[str, str] = {}
    for line in table.replace("\n    ", " ").splitlines():
        name, others = line.split(":")
        for other in others.split():
            if means.setdefault(other, name) != name:
                raise ValueError(f"{other} means {means[other]} and {name}")
    return means


MEANS = _read(SYNONYMS)
